package io.assay.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.cli.DevelopmentIssuer;
import io.assay.launcher.Installation;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * What users meet: requests a second at the registry and through the gateway, of a whole
 * installation on a durable server of its own.
 *
 * <p>Registering a version is measured against bare inserts on the same PostgreSQL by as many
 * connections, the gateway against the registry itself, reading against an endpoint that does
 * nothing. Load, services and database share the machine.
 */
final class HttpBench implements AutoCloseable {

  private static final int MODELS = 1_000;
  private static final int SETTING_UP = 16;
  private static final Duration GLANCE = Duration.ofMillis(20);
  private static final int FILLING = 64;

  /** Fewer clients, each of which waits for its reads, could not keep the pace of half load. */
  private static final int PACED = 128;

  /** A short log would be a measurement of how a replay begins. */
  private static final long REPLAYED = 250_000;

  private static final Duration WARM_UP = Duration.ofSeconds(10);

  /** What is warmed up grows less than this from one {@link #WARM_UP} to the next. */
  private static final double STEADY = 1.05;

  /** So often in a row: on a machine that sways, a cold process looks steady once. */
  private static final int STEADY_WARM_UPS = 3;

  private static final int MOST_WARM_UPS = 24;

  /** What compilers take of one processor when the code that is measured is compiled. */
  private static final double QUIET = 0.1;

  /** The endpoint that does nothing. */
  private static final String NOTHING = "/health/live";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Addresses assay;
  private final Path folder;
  private final DataSource server;
  private final DataSource database;
  private final DevelopmentIssuer issuer;
  private final Requests http = new Requests();
  private final List<String> models = new ArrayList<>();
  private final double[] popularity = popularity();
  private final byte[] row = new byte[300];

  /** Registries in processes of their own, where they were needed. */
  private final List<Node> nodes = new ArrayList<>();

  /** Nanoseconds that reads took which waited for what had just been written. */
  private final Queue<Long> lags = new ConcurrentLinkedQueue<>();

  /** Versions a second at full load, as measured last. */
  private double full;

  /** Milliseconds of compiling, and when they were asked for. */
  private long compiled;

  private long asked;

  HttpBench(Addresses assay, Path folder) throws IOException {
    this.assay = assay;
    this.folder = folder;
    this.server = superuser(folder, "postgres");
    this.database = superuser(folder, "assay");
    this.issuer =
        new DevelopmentIssuer(
            assay.issuer(), folder.resolve("dev-issuer").resolve("client-secret"));
  }

  static Report run(Bench.Options options, Consumer<String> progress) throws Exception {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    withoutLimits();
    return overInstallation(
        options,
        bench -> {
          bench.prepare(progress);
          progress.accept("Warming up");
          bench.warmUp();
          var rows = new ArrayList<Report.Row>();
          for (var paired : bench.comparisons(options, progress)) {
            if (paired.name().contains(options.only())) {
              rows.add(paired.measure(options.rounds(), bench::observed, progress));
            }
          }
          return bench.report("http", rows, options, load);
        });
  }

  /**
   * Registering in a small log and in one of so many events, by one process that is compiled: what
   * is warmed up is another installation.
   */
  static Report growth(Bench.Options options, Consumer<String> progress) throws Exception {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    withoutLimits();
    progress.accept("Warming up");
    overInstallation(
        options,
        bench -> {
          bench.prepare(progress);
          bench.warmUp();
          return bench;
        });
    return overInstallation(
        options,
        bench -> {
          bench.prepare(progress);
          var rows = new ArrayList<Report.Row>();
          rows.add(bench.growing(options).measure(options.rounds(), Map::of, progress));
          bench.grow(options.events(), progress);
          rows.add(bench.growing(options).measure(options.rounds(), Map::of, progress));
          return bench.report("growth", rows, options, load);
        });
  }

  /** Work with an installation. */
  private interface Work<T> {
    T with(HttpBench bench) throws Exception;
  }

  private static <T> T overInstallation(Bench.Options options, Work<T> work) throws Exception {
    try (var scratch = Scratch.in(options.data())) {
      return over(scratch.folder(), work);
    }
  }

  private static <T> T over(Path folder, Work<T> work) throws Exception {
    try (var assay = Installation.start(folder, 0);
        var bench = new HttpBench(Addresses.of(assay), folder)) {
      // Whoever interrupts a run is not left with its PostgreSQL.
      Runtime.getRuntime().addShutdownHook(new Thread(assay::close, "stop"));
      return work.with(bench);
    }
  }

  /**
   * Makes an installation of so many events at least, and ends it.
   *
   * @return the settings of its server
   */
  static Map<String, String> fill(Path folder, long events, Consumer<String> progress)
      throws Exception {
    return over(
        folder,
        bench -> {
          bench.prepare(progress);
          bench.grow(events, progress);
          return Server.settings(bench.server, folder);
        });
  }

  private void prepare(Consumer<String> progress) throws Exception {
    Server.execute(server, Inserting.TABLE);
    progress.accept("Registering " + MODELS + " models");
    registerModels();
  }

  private Report report(String name, List<Report.Row> rows, Bench.Options options, double load)
      throws Exception {
    return new Report(name, rows, options.time(), load, Server.settings(server, folder));
  }

  private Paired growing(Bench.Options options) throws SQLException {
    int clients = options.clients().getFirst();
    return new Paired(
        "register from event %,d on, %d clients".formatted(head(), clients),
        "inserts",
        "versions",
        () -> inserting(clients, options.time()),
        () -> registering(clients, options.time(), registry(), this::popular));
  }

  /** Registers versions while the log holds fewer events, and waits until the view has them. */
  private void grow(long events, Consumer<String> progress) throws Exception {
    for (long head = head(); head < events; head = head()) {
      progress.accept("%,d of %,d events".formatted(head, events));
      registering(FILLING, WARM_UP, registry(), this::popular);
    }
    replayed();
  }

  /** How many events the log holds. */
  private long head() throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var count =
            statement.executeQuery("select coalesce(max(position) + 1, 0) from log.event")) {
      count.next();
      return count.getLong(1);
    }
  }

  @Override
  public void close() throws IOException {
    endNodes();
    http.close();
  }

  /**
   * Until the code that is measured is compiled: a process that has just begun is ten times slower,
   * and for minutes more its compilers take of the processors what the services could use.
   */
  private void warmUp() throws Exception {
    warmUp(registry());
    registering(SETTING_UP, WARM_UP, assay.gateway(), this::popular);
    reading(SETTING_UP, WARM_UP, version(0));
    reading(SETTING_UP, WARM_UP.dividedBy(3), NOTHING);
    readingBack(PACED, WARM_UP, registering(SETTING_UP, WARM_UP, registry(), this::popular) / 2);
    lags.clear();
    // What these taught has shared code compiled anew, for which the first rounds would pay.
    compiling();
    int warmUps = 0;
    do {
      registering(FILLING, WARM_UP, registry(), this::popular);
    } while (compiling() > QUIET && ++warmUps < MOST_WARM_UPS);
  }

  /** How much of a processor this process's compilers took since this was asked for last. */
  private double compiling() {
    long compiled = ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
    long now = System.nanoTime();
    double share = (compiled - this.compiled) * 1e6 / (now - asked);
    this.compiled = compiled;
    this.asked = now;
    return share;
  }

  private void warmUp(URI at) throws Exception {
    double most = 0;
    for (int i = 0, steady = 0; i < MOST_WARM_UPS && steady < STEADY_WARM_UPS; i++) {
      double now = registering(FILLING, WARM_UP, at, this::popular);
      steady = now < most * STEADY ? steady + 1 : 0;
      most = Math.max(most, now);
    }
  }

  /** The settings of the gateway's limits; 0 is none. */
  static List<String> limits() {
    return Stream.of("reads", "writes")
        .flatMap(route -> Stream.of("actor", "address").map(whose -> route + "." + whose))
        .map(limit -> "assay.gateway.limits." + limit + "-rate")
        .toList();
  }

  /** One actor at one address is all the load there is: the gateway would refuse most of it. */
  private static void withoutLimits() {
    limits().forEach(limit -> System.setProperty(limit, "0"));
  }

  private List<Paired> comparisons(Bench.Options options, Consumer<String> progress) {
    var time = options.time();
    var comparisons = new ArrayList<Paired>();
    for (int clients : options.clients()) {
      comparisons.add(
          new Paired(
              "register, %d models, %d clients".formatted(MODELS, clients),
              "inserts",
              "versions",
              () -> inserting(clients, time),
              () -> registering(clients, time, registry(), this::popular)));
    }
    int most = options.clients().getLast();
    comparisons.add(
        new Paired(
            "register, one model, %d clients".formatted(most),
            "inserts",
            "versions",
            () -> inserting(most, time),
            () -> registering(most, time, registry(), () -> 0)));
    int some = options.clients().getFirst();
    comparisons.add(
        new Paired(
            "register through the gateway, %d clients".formatted(some),
            "versions",
            "versions",
            () -> registering(some, time, registry(), this::popular),
            () -> registering(some, time, assay.gateway(), this::popular)));
    comparisons.add(
        new Paired(
            "read a version, %d clients".formatted(some),
            "answers",
            "versions",
            () -> reading(some, time, NOTHING),
            () -> reading(some, time, version(0))));
    comparisons.add(
        new Paired(
            "register with a snapshot open, %d clients".formatted(some),
            "versions",
            "versions",
            () -> registering(some, time, registry(), this::popular),
            () -> withSnapshot(() -> registering(some, time, registry(), this::popular))));
    comparisons.add(
        new Paired(
            "register and read back at half load, %d clients".formatted(PACED),
            "versions",
            "versions",
            () -> full = registering(some, time, registry(), this::popular),
            () -> readingBack(PACED, time, full / 2)));
    comparisons.add(
        new Paired(
            "two nodes over one, %d clients".formatted(most),
            "versions",
            "versions",
            () -> registering(most, time, List.of(node(0)), this::popular),
            () -> registering(most, time, List.of(node(0), node(1)), this::popular)));
    comparisons.add(
        new Paired(
            "replay of the registry's view, %,d events or more".formatted(REPLAYED),
            "events",
            "events",
            () -> {
              endNodes(); // one of them might be the one that replays, and it has never done that
              grow(REPLAYED, progress);
              return scanning();
            },
            this::replaying));
    return comparisons;
  }

  /** How long reads waited for their view in the measurement that was the last, where they did. */
  private Map<String, Double> observed() {
    if (lags.isEmpty()) {
      return Map.of();
    }
    var sorted = lags.stream().mapToDouble(Long::doubleValue).sorted().toArray();
    lags.clear();
    return Map.of(
        "lag p50 ms", sorted[sorted.length / 2] / 1e6,
        "lag p99 ms", sorted[(int) (sorted.length * 0.99)] / 1e6);
  }

  /** A transaction that could still see everything keeps PostgreSQL from cleaning up. */
  private double withSnapshot(Paired.Measurement measurement) throws Exception {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("set transaction isolation level repeatable read");
      statement.execute("select count(*) from log.head");
      double measured = measurement.perSecond();
      connection.rollback();
      return measured;
    }
  }

  /** So many a second: each version is read as soon as its registration is answered. */
  private double readingBack(int clients, Duration time, double perSecond) throws Exception {
    var authorization = "Bearer " + issuer.token("ml-engineer-1");
    long pause = (long) (1e9 * clients / perSecond);
    return Load.perSecond(
        clients,
        time,
        number ->
            () -> {
              long next = System.nanoTime() + pause;
              var path = "/api/v1/models/" + models.get(popular()) + "/versions";
              var written = post(registry(), path, authorization, version());
              long began = System.nanoTime();
              int rank = JSON.readTree(written.body()).get("number").asInt();
              var read =
                  http.get(
                      URI.create(registry() + path + "/" + rank),
                      authorization,
                      Objects.requireNonNull(written.position()));
              if (read.status() != 200) {
                throw new IllegalStateException("What was written cannot be read: " + read);
              }
              lags.add(System.nanoTime() - began);
              LockSupport.parkNanos(next - System.nanoTime());
            });
  }

  /** Events a second that one connection reads, and whose payloads it parses. */
  private double scanning() throws Exception {
    long begin = System.nanoTime();
    long events = 0;
    try (var connection = database.getConnection();
        var select =
            connection.prepareStatement(
                "select e.envelope, p.content from log.event e join log.section p"
                    + " on p.position = e.position and p.name = 'payload' order by e.position")) {
      connection.setAutoCommit(false);
      select.setFetchSize(500);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          JSON.readTree(rows.getBytes(1));
          JSON.readTree(rows.getBytes(2));
          events++;
        }
      }
    }
    return events * 1e9 / (System.nanoTime() - begin);
  }

  private double replaying() throws Exception {
    long begin = System.nanoTime();
    var begun = http.post(URI.create(views() + "/registry/rebuild"), operator(), "");
    if (begun.status() >= 300) {
      throw new IllegalStateException("The view is not rebuilt: " + text(begun));
    }
    return replayed() * 1e9 / (System.nanoTime() - begin);
  }

  /** Waits until the registry's view is at the head; answers how many events that are. */
  private long replayed() throws Exception {
    while (true) {
      for (var view : JSON.readTree(http.get(views(), operator()).body()).get("items")) {
        if (view.get("name").asText().equals("registry")
            && view.get("position").asLong() >= view.get("head").asLong()) {
          return view.get("head").asLong();
        }
      }
      LockSupport.parkNanos(GLANCE.toNanos());
    }
  }

  private URI views() {
    return URI.create(registry() + "/api/v1/registry/views");
  }

  private String operator() {
    return "Bearer " + issuer.token("operator-1");
  }

  private String version(int model) {
    return "/api/v1/models/" + models.get(model) + "/versions/1";
  }

  /** A registry in a process of its own, warmed up like the other. */
  private URI node(int number) throws Exception {
    while (nodes.size() <= number) {
      var node = Node.start(assay, folder, address(folder, "assay"), http);
      nodes.add(node);
      warmUp(node.url());
    }
    return nodes.get(number).url();
  }

  private void endNodes() {
    nodes.forEach(Node::close);
    nodes.clear();
  }

  private URI registry() {
    return assay.registry();
  }

  private double inserting(int clients, Duration time) throws Exception {
    Server.execute(server, "checkpoint");
    return Load.perSecond(clients, time, number -> new Inserting(server, row));
  }

  private double registering(int clients, Duration time, URI at, IntSupplier model)
      throws Exception {
    return registering(clients, time, List.of(at), model);
  }

  private double registering(int clients, Duration time, List<URI> at, IntSupplier model)
      throws Exception {
    Server.execute(server, "checkpoint");
    var authorization = "Bearer " + issuer.token("ml-engineer-1");
    return Load.perSecond(
        clients,
        time,
        number ->
            () ->
                post(
                    at.get(number % at.size()),
                    "/api/v1/models/" + models.get(model.getAsInt()) + "/versions",
                    authorization,
                    version()));
  }

  private double reading(int clients, Duration time, String path) throws Exception {
    var address = URI.create(registry() + path);
    var authorization = "Bearer " + issuer.token("auditor-1");
    return Load.perSecond(
        clients,
        time,
        number ->
            () -> {
              var answer = http.get(address, authorization);
              if (answer.status() != 200) {
                throw new IllegalStateException(path + " answers " + text(answer));
              }
            });
  }

  /** Registers versions of the models that there are, through the gateway. */
  double registering(int clients, Duration time) throws Exception {
    return registering(clients, time, assay.gateway(), this::popular);
  }

  /** Finds the models that an earlier one has registered. */
  void findModels() throws IOException {
    var address = URI.create(assay.gateway() + "/api/v1/models?limit=" + MODELS);
    for (var model : JSON.readTree(http.get(address, operator()).body()).get("items")) {
      models.add(model.get("id").asText());
    }
  }

  private void registerModels() throws Exception {
    var authorization = "Bearer " + issuer.token("ml-engineer-1");
    var system =
        send(
            registry(),
            "/api/v1/systems",
            authorization,
            "{\"name\":\"bench\",\"purpose\":\"load\",\"owner\":\"bench\",\"riskTier\":\"minimal\"}");
    for (int i = 0; i < MODELS; i++) {
      models.add(
          send(
              registry(),
              "/api/v1/models",
              authorization,
              "{\"name\":\"model-%d\",\"system\":\"%s\",\"kind\":\"ml\",\"riskTier\":\"minimal\"}"
                  .formatted(i, system)));
    }
    send(registry(), "/api/v1/models/" + models.getFirst() + "/versions", authorization, version());
  }

  /** Sends a command and answers the id of what it made. */
  private String send(URI at, String path, String authorization, String body) throws IOException {
    return JSON.readTree(post(at, path, authorization, body).body()).get("id").asText();
  }

  private Requests.Answer post(URI at, String path, String authorization, String body)
      throws IOException {
    var answer = http.post(URI.create(at + path), authorization, body);
    if (answer.status() != 201) {
      throw new IllegalStateException(path + " answers " + text(answer));
    }
    return answer;
  }

  private static String text(Requests.Answer answer) {
    return answer.status() + " " + new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static String version() {
    var digest = new byte[32];
    ThreadLocalRandom.current().nextBytes(digest);
    return "{\"artifacts\":[{\"path\":\"model.bin\",\"digest\":\"%s\",\"size\":1}]}"
        .formatted(HexFormat.of().formatHex(digest));
  }

  /** A model by Zipf's law: the n-th is asked for 1/n as often as the first. */
  private int popular() {
    int place = Arrays.binarySearch(popularity, ThreadLocalRandom.current().nextDouble());
    return Math.min(place < 0 ? -place - 1 : place, MODELS - 1);
  }

  private static double[] popularity() {
    var sums = new double[MODELS];
    double sum = 0;
    for (int i = 0; i < MODELS; i++) {
      sum += 1.0 / (i + 1);
      sums[i] = sum;
    }
    for (int i = 0; i < MODELS; i++) {
      sums[i] /= sum;
    }
    return sums;
  }

  /** The installation's own server, past its services. */
  private static DataSource superuser(Path folder, String database) throws IOException {
    var source = new PGSimpleDataSource();
    source.setUrl(address(folder, database));
    source.setUser("postgres");
    source.setPassword(
        Files.readString(folder.resolve("secrets").resolve("postgres-superuser")).strip());
    return source;
  }

  private static String address(Path folder, String database) throws IOException {
    try (var files = Files.walk(folder.resolve("postgres"), 2)) {
      var pid =
          files
              .filter(file -> file.endsWith("postmaster.pid"))
              .findFirst()
              .orElseThrow(() -> new IOException("PostgreSQL does not run in " + folder));
      return "jdbc:postgresql://127.0.0.1:"
          + Files.readAllLines(pid).get(3).strip()
          + "/"
          + database;
    }
  }
}
