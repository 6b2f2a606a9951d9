package io.assay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assay.cli.Api;
import io.assay.cli.DevelopmentIssuer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL with a streaming replica, which takes over when the primary is lost. */
class ReplicaIT {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int CLIENTS = 6;
  private static final int WRITES = 60;
  private static final String QUORUM = "ANY 1 (replica)";
  private static final String REPLICATES =
      "select exists (select from pg_stat_replication where application_name = 'replica'"
          + " and state = 'streaming' and %s)";

  /** Ends all waiting for the standby, as an administrator may. */
  private static final String CANCEL =
      "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'";

  @TempDir Path folder;
  private final List<AutoCloseable> parts = new ArrayList<>();
  private final Map<String, String> tokens = new ConcurrentHashMap<>();
  private Postgres primary;
  private Postgres replica;
  private @Nullable Process up;

  @BeforeEach
  void start() throws Exception {
    primary = started(Postgres.start(folder.resolve("primary"), Map.of()));
    Java.run(0, List.of("database", "prepare"), database(primary.url()));
    replica = started(primary.replica(folder.resolve("replica"), "replica"));
    await().atMost(PATIENCE).until(() -> primary.is(REPLICATES.formatted("true")));
  }

  @AfterEach
  void stop() throws Exception {
    if (up != null) {
      up.destroyForcibly().waitFor();
    }
    for (var part : parts.reversed()) {
      part.close();
    }
  }

  @Test
  void withAQuorumNothingAcknowledgedIsLostWhenTheReplicaTakesOver() throws Exception {
    commitToAQuorum();
    var address = upOver(primary.host() + "," + replica.host());
    var token = token("ml-engineer-1");
    var load = new Load(List.of(address), () -> token);
    try (load) {
      load.start(CLIENTS);
      load.awaitMore(WRITES);
      primary.kill();
      replica.promote();
      load.awaitMore(WRITES);
    }

    var recorded = recorded(replica);
    assertThat(load.acknowledged).allSatisfy(name -> assertThat(recorded).containsEntry(name, 1));
    assertThat(recorded.values()).containsOnly(1);
    assertThat(load.surprises).isEmpty();
    try (var api = new Api(address, this::token)) {
      var verification = api.post("auditor-1", "/api/v1/log/verifications");
      assertThat(verification.body().path("verified").asBoolean())
          .as(verification.toString())
          .isTrue();
    }
  }

  /**
   * A primary that was killed while COMMIT waited for the standby has the write when it is back,
   * and alone has it. Found there, it was once acknowledged.
   */
  @Test
  void whatAPrimaryFindsInItselfAfterACrashIsAcknowledgedOnlyOnceTheReplicaHasIt()
      throws Exception {
    commitToAQuorum();
    var address = upOver(primary.host() + "," + replica.host());
    try (var api = new Api(address, this::token)) {
      assertThat(register(api, "does not wait").status()).isEqualTo(201);
      replica.kill();
      var answer = CompletableFuture.supplyAsync(() -> register(api, "waits"));
      await().atMost(PATIENCE).until(() -> primary.is(waitingForTheStandby()));
      primary.execute(CANCEL); // COMMIT succeeds then, with a warning
      await().atMost(PATIENCE).until(() -> primary.is(waitingForTheStandby()));
      primary.kill();
      primary.startAgain();
      await().atMost(PATIENCE).until(() -> primary.is(waitingForTheStandby()));
      assertThat(answer).isNotDone();

      replica.startAgain();
      assertThat(answer.get().status()).isEqualTo(201);
      assertThat(recorded(primary)).containsEntry("waits", 1);
    }
  }

  @Test
  void withoutAQuorumProductionRefusesToStart() throws Exception {
    var environment = new HashMap<>(database(primary.url()));
    environment.put("ASSAY_PROFILE", "production");
    environment.put("ASSAY_IDENTITY_ISSUER", "https://issuer.example");
    environment.put("ASSAY_IDENTITY_JWKS_URL", "https://issuer.example/jwks");
    environment.put("ASSAY_SECRET", "0123456789abcdef0123456789abcdef");
    environment.put("MICRONAUT_SERVER_PORT", "-1");
    var serve = List.of("serve", "--service=lineage");

    assertThat(Java.run(1, serve, environment))
        .contains("assay: The service lineage does not start: The server has replicas")
        .contains("synchronous_standby_names");

    commitToAQuorum();
    primary.execute("alter role assay_lineage set synchronous_commit = local");
    assertThat(Java.run(1, serve, environment)).contains("The server has replicas");
  }

  private static Api.Answer register(Api api, String dataset) {
    return api.post("ml-engineer-1", "/api/v1/datasets", Api.object().put("name", dataset));
  }

  private void commitToAQuorum() {
    primary.set("synchronous_standby_names", QUORUM);
    await().atMost(PATIENCE).until(() -> primary.is(REPLICATES.formatted("sync_state = 'quorum'")));
  }

  /** A transaction that has the lock of the log has come to its COMMIT, and no further. */
  private static String waitingForTheStandby() {
    return "select exists (select from pg_locks join pg_stat_activity using (pid)"
        + " where relation = 'log.head'::regclass and mode = 'RowShareLock'"
        + " and wait_event = 'SyncRep')";
  }

  /** {@code assay up} over these hosts. */
  private URI upOver(String hosts) throws IOException {
    var data = folder.resolve("data");
    var log = folder.resolve("up.log");
    var process =
        Java.start(
            List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            List.of("up", "--data", data.toString(), "--port", "0"),
            database(
                "jdbc:postgresql://"
                    + hosts
                    + "/assay?targetServerType=primary&connectTimeout=2&hostRecheckSeconds=1"),
            log);
    up = process;
    var file = data.resolve("state.properties");
    await()
        .atMost(PATIENCE)
        .failFast("it ended", () -> !process.isAlive())
        .until(() -> Files.exists(file));
    var state = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      state.load(reader);
    }
    var issuer =
        new DevelopmentIssuer(
            URI.create(state.getProperty("issuer")),
            data.resolve("dev-issuer").resolve("client-secret"));
    for (var user : List.of("ml-engineer-1", "auditor-1")) {
      tokens.put(user, issuer.token(user));
    }
    return URI.create(state.getProperty("url"));
  }

  private Map<String, String> database(String url) {
    return Map.of(
        "ASSAY_DATABASE_URL",
        url,
        "ASSAY_DATABASE_PASSWORDS",
        folder.resolve("secrets").toString(),
        "PGPASSWORD",
        Postgres.PASSWORD);
  }

  private static Map<String, Integer> recorded(Postgres postgres) throws SQLException {
    return Recorded.datasets(postgres.superuser());
  }

  private String token(String user) {
    return java.util.Objects.requireNonNull(tokens.get(user));
  }

  private Postgres started(Postgres postgres) {
    parts.add(postgres);
    return postgres;
  }
}
