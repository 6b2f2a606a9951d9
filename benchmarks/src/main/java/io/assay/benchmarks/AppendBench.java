package io.assay.benchmarks;

import io.assay.contracts.EventCatalogue;
import io.assay.contracts.EventJson;
import io.assay.contracts.ModelId;
import io.assay.contracts.Sha256;
import io.assay.contracts.VersionEvent.ArtifactStored;
import io.assay.contracts.VersionId;
import io.assay.contracts.Writer;
import io.assay.eventlog.Actor;
import io.assay.eventlog.Append;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventCodec;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.Guard;
import io.assay.eventlog.LogMigrations;
import io.assay.eventlog.NewEvent;
import io.assay.eventlog.PostgresEventLog;
import io.assay.eventlog.Query;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Appends a second through the log ÷ rows a second that as many JDBC connections insert bare, one
 * row a commit, in the same run on the same durable server.
 *
 * <p>An append is one event with two tags, under a guard with a marker; the bare row has the bytes
 * of the event's payload. Within a round both take turns, and who begins changes with the round.
 */
final class AppendBench {

  private static final String PASSWORD = "bench-only";
  private static final double MICROSECONDS_PER_TICK = 10_000;
  private static final Duration WARM_UP = Duration.ofSeconds(2);

  private final EmbeddedPostgres server;
  private final EventLog log;
  private final byte[] row;
  private Map<String, Double> besides = Map.of();

  private AppendBench(EmbeddedPostgres server) throws SQLException {
    this.server = server;
    LogMigrations.bootstrap(
        server.getPostgresDatabase(),
        LogMigrations.ROLES.stream()
            .collect(Collectors.toMap(Function.identity(), role -> PASSWORD)));
    LogMigrations.migrate(as(LogMigrations.OWNER));
    LogMigrations.permit(as(LogMigrations.OWNER), EventCatalogue.assay());
    Server.execute(server.getPostgresDatabase(), Inserting.TABLE);
    var json = new EventJson(EventCatalogue.assay());
    row = json.write(event(new ModelId(new UUID(0, 0)))).payload();
    var registry = as(Writer.REGISTRY.role());
    log =
        PostgresEventLog.on(registry, registry, Writer.REGISTRY.service(), EventCodec.of(json))
            .open();
  }

  static Report run(Bench.Options options, Consumer<String> progress) throws Exception {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    try (var scratch = Scratch.in(options.data());
        var server =
            EmbeddedPostgres.builder()
                .setDataDirectory(scratch.folder())
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("shared_buffers", "256MB")
                .setServerConfig("max_wal_size", "4GB")
                .setServerConfig("max_connections", "200")
                .start()) {
      var bench = new AppendBench(server);
      try {
        progress.accept("Warming up");
        bench.inserting(8, WARM_UP);
        bench.appending(8, WARM_UP);
        var rows = new ArrayList<Report.Row>();
        for (int clients : options.clients()) {
          rows.add(
              new Paired(
                      clients + " clients",
                      "inserts",
                      "appends",
                      () -> bench.inserting(clients, options.time()),
                      () -> bench.appending(clients, options.time()))
                  .measure(options.rounds(), bench::besides, progress));
        }
        return new Report(
            "append",
            rows,
            options.time(),
            load,
            Server.settings(server.getPostgresDatabase(), scratch.folder()));
      } finally {
        bench.log.close();
      }
    }
  }

  private double inserting(int clients, Duration time) throws Exception {
    return measured(clients, time, number -> new Inserting(server.getPostgresDatabase(), row));
  }

  private double appending(int clients, Duration time) throws Exception {
    long first = log.head();
    double processor = backendMicroseconds();
    double appends = measured(clients, time, number -> new Appending());
    long appended = log.head() - first;
    // One transaction has one time.
    long transactions =
        number("select count(distinct recorded_at) from log.event where position >= " + first);
    besides =
        Map.of(
            "appends a transaction",
            (double) appended / transactions,
            "backend \u00b5s an append",
            (backendMicroseconds() - processor) / appended);
    return appends;
  }

  private Map<String, Double> besides() {
    return besides;
  }

  /** Processor time of the log's backends up to now, as Linux accounts it; NaN elsewhere. */
  private double backendMicroseconds() throws SQLException {
    double ticks = 0;
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var pids =
            statement.executeQuery(
                "select pid from pg_stat_activity where usename = '"
                    + Writer.REGISTRY.role()
                    + "'")) {
      while (pids.next()) {
        var stat = Files.readString(Path.of("/proc", pids.getString(1), "stat")).split(" ", -1);
        // utime and stime; the second field, the name, is one word.
        ticks += Long.parseLong(stat[13]) + Long.parseLong(stat[14]);
      }
    } catch (IOException e) {
      return Double.NaN;
    }
    return ticks * MICROSECONDS_PER_TICK;
  }

  private long number(String query) throws SQLException {
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private double measured(int count, Duration time, Load.Clients clients)
      throws SQLException, ExecutionException, InterruptedException {
    // Nobody pays for the pages that the one before has left dirty.
    Server.execute(server.getPostgresDatabase(), "checkpoint");
    return Load.perSecond(count, time, clients);
  }

  private final class Appending implements Load.Client {

    private final ModelId model = new ModelId(UUID.randomUUID());
    private final Query boundary =
        Query.of(EventMetadata.DEFAULT_WORKSPACE, Criterion.of(model.tag()));
    private long marker;

    @Override
    public void step() throws ExecutionException, InterruptedException {
      var event =
          new NewEvent(
              UUID.randomUUID(),
              event(model),
              Set.of(),
              EventMetadata.of(
                  EventMetadata.DEFAULT_WORKSPACE,
                  new Actor("bench", Actor.Kind.SERVICE),
                  "bench"));
      var append = new Append(List.of(event), List.of(new Guard(boundary, marker)));
      marker = log.append(append).get().marker();
    }
  }

  private static ArtifactStored event(ModelId model) {
    return new ArtifactStored(
        new VersionId(UUID.randomUUID()),
        model,
        "weights/model.safetensors",
        Sha256.of(new byte[0]),
        1_234_567_890_123L);
  }

  private DataSource as(String role) {
    var source = new PGSimpleDataSource();
    source.setUrl("jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres");
    source.setUser(role);
    source.setPassword(PASSWORD);
    return source;
  }
}
