package io.assay.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.cli.DevelopmentIssuer;
import io.assay.launcher.Installation;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
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
final class HttpBench {

  private static final int MODELS = 1_000;
  private static final int SETTING_UP = 16;
  private static final Duration GLANCE = Duration.ofMillis(20);
  private static final Duration WARM_UP = Duration.ofSeconds(30);

  /** The endpoint that does nothing. */
  private static final String NOTHING = "/health/live";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Installation assay;
  private final DataSource server;
  private final DevelopmentIssuer issuer;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<String> models = new ArrayList<>();
  private final double[] popularity = popularity();
  private final byte[] row = new byte[300];

  /** Nanoseconds that reads took which waited for what had just been written. */
  private final Queue<Long> lags = new ConcurrentLinkedQueue<>();

  /** Versions a second at full load, as measured last. */
  private double full;

  private HttpBench(Installation assay, Path folder) throws IOException {
    this.assay = assay;
    this.server = superuser(folder);
    this.issuer =
        new DevelopmentIssuer(
            assay.issuer(), folder.resolve("dev-issuer").resolve("client-secret"));
  }

  static Report run(Bench.Options options, Consumer<String> progress) throws Exception {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    withoutLimits();
    Files.createDirectories(options.data());
    var folder = Files.createTempDirectory(options.data(), "assay-bench");
    try (var assay = Installation.start(folder, 0)) {
      var bench = new HttpBench(assay, folder);
      Server.execute(bench.server, Inserting.TABLE);
      progress.accept("Registering " + MODELS + " models");
      bench.registerModels();
      progress.accept("Warming up");
      bench.warmUp();
      var rows = new ArrayList<Report.Row>();
      for (var paired : bench.comparisons(options)) {
        if (!paired.name().contains(options.only())) {
          continue;
        }
        rows.add(paired.measure(options.rounds(), bench::observed, progress));
      }
      return new Report("http", rows, options.time(), load, Server.settings(bench.server, folder));
    }
  }

  /**
   * Until the code that is measured is compiled: a process that has just begun is ten times slower.
   */
  private void warmUp() throws Exception {
    registering(SETTING_UP, WARM_UP, registry(), this::popular);
    registering(SETTING_UP, WARM_UP.dividedBy(3), assay.url(), this::popular);
    reading(SETTING_UP, WARM_UP.dividedBy(3), version(0));
    reading(SETTING_UP, WARM_UP.dividedBy(10), NOTHING);
  }

  /** One actor at one address is all the load there is: the gateway would refuse most of it. */
  private static void withoutLimits() {
    for (var route : List.of("reads", "writes")) {
      for (var whose : List.of("actor", "address")) {
        System.setProperty("assay.gateway.limits.%s.%s-rate".formatted(route, whose), "0");
      }
    }
  }

  private List<Paired> comparisons(Bench.Options options) {
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
            () -> registering(some, time, assay.url(), this::popular)));
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
            "register and read back at half load, %d clients".formatted(some),
            "versions",
            "versions",
            () -> full = registering(some, time, registry(), this::popular),
            () -> readingBack(some, time, full / 2)));
    comparisons.add(
        new Paired(
            "replay of the registry's view", "events", "events", this::scanning, this::replaying));
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
    try (var connection = server.getConnection();
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
              var read =
                  http.send(
                      HttpRequest.newBuilder(
                              URI.create(
                                  registry()
                                      + path
                                      + "/"
                                      + JSON.readTree(written.body()).get("number").asInt()))
                          .header("Authorization", authorization)
                          .header(
                              "Assay-Min-Position",
                              written.headers().firstValue("Assay-Position").orElseThrow())
                          .build(),
                      BodyHandlers.discarding());
              if (read.statusCode() != 200) {
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
    try (var connection = server.getConnection();
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
    var operator = "Bearer " + issuer.token("operator-1");
    var views = URI.create(registry() + "/api/v1/registry/views");
    long begin = System.nanoTime();
    var begun =
        http.send(
            HttpRequest.newBuilder(URI.create(views + "/registry/rebuild"))
                .header("Authorization", operator)
                .POST(BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString());
    if (begun.statusCode() >= 300) {
      throw new IllegalStateException("The view is not rebuilt: " + begun.body());
    }
    var asking = HttpRequest.newBuilder(views).header("Authorization", operator).build();
    while (true) {
      for (var view :
          JSON.readTree(http.send(asking, BodyHandlers.ofByteArray()).body()).get("items")) {
        if (view.get("name").asText().equals("registry")
            && view.get("position").asLong() >= view.get("head").asLong()) {
          return view.get("head").asLong() * 1e9 / (System.nanoTime() - begin);
        }
      }
      LockSupport.parkNanos(GLANCE.toNanos());
    }
  }

  private String version(int model) {
    return "/api/v1/models/" + models.get(model) + "/versions/1";
  }

  private URI registry() {
    return assay.service("registry");
  }

  private double inserting(int clients, Duration time) throws Exception {
    Server.execute(server, "checkpoint");
    return Load.perSecond(clients, time, number -> new Inserting(server, row));
  }

  private double registering(int clients, Duration time, URI at, IntSupplier model)
      throws Exception {
    Server.execute(server, "checkpoint");
    var authorization = "Bearer " + issuer.token("ml-engineer-1");
    return Load.perSecond(
        clients,
        time,
        number ->
            () ->
                send(
                    at,
                    "/api/v1/models/" + models.get(model.getAsInt()) + "/versions",
                    authorization,
                    version()));
  }

  private double reading(int clients, Duration time, String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(registry() + path))
            .header("Authorization", "Bearer " + issuer.token("auditor-1"))
            .build();
    return Load.perSecond(
        clients,
        time,
        number ->
            () -> {
              var answer = http.send(request, BodyHandlers.discarding());
              if (answer.statusCode() != 200) {
                throw new IllegalStateException(path + " answers " + answer.statusCode());
              }
            });
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
  private String send(URI at, String path, String authorization, String body)
      throws IOException, InterruptedException {
    return JSON.readTree(post(at, path, authorization, body).body()).get("id").asText();
  }

  private HttpResponse<byte[]> post(URI at, String path, String authorization, String body)
      throws IOException, InterruptedException {
    var answer =
        http.send(
            HttpRequest.newBuilder(URI.create(at + path))
                .header("Authorization", authorization)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofByteArray());
    if (answer.statusCode() != 201) {
      throw new IllegalStateException(
          path
              + " answers "
              + answer.statusCode()
              + " "
              + new String(answer.body(), StandardCharsets.UTF_8));
    }
    return answer;
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
  private static DataSource superuser(Path folder) throws IOException {
    try (var files = Files.walk(folder.resolve("postgres"), 2)) {
      var pid =
          files
              .filter(file -> file.endsWith("postmaster.pid"))
              .findFirst()
              .orElseThrow(() -> new IOException("PostgreSQL does not run in " + folder));
      var source = new PGSimpleDataSource();
      source.setUrl(
          "jdbc:postgresql://127.0.0.1:" + Files.readAllLines(pid).get(3).strip() + "/postgres");
      source.setUser("postgres");
      source.setPassword(
          Files.readString(folder.resolve("secrets").resolve("postgres-superuser")).strip());
      return source;
    }
  }
}
