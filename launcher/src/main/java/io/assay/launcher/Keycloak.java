package io.assay.launcher;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keycloak beside the services: on a loopback port that stays the same, because the address is part
 * of who a person is; over a database of its own on the same server; a process of its own, which
 * ends with the installation. One that was left behind is stopped before a new one starts.
 */
public final class Keycloak implements AutoCloseable {

  /** Where it listens the first time, if that is free. */
  private static final int USUAL_PORT = 8180;

  private static final String DATABASE = "keycloak";
  private static final Duration READY = Duration.ofMinutes(4);
  private static final long LOOK_MILLIS = 200;
  private static final long STOP_SECONDS = 30;

  private final DataFolder folder;
  private final Path home;
  private final String databaseUrl;
  private final int port;
  private volatile @Nullable Process process;

  private Keycloak(DataFolder folder, Path home, String databaseUrl, int port) {
    this.folder = folder;
    this.home = home;
    this.databaseUrl = databaseUrl;
    this.port = port;
  }

  /**
   * What runs over a folder that this process has locked; not started yet.
   *
   * @param publicPort the gateway's, not bound yet
   */
  static Keycloak over(DataFolder folder, Postgres postgres, Path home, int publicPort) {
    create(postgres, folder.secret("keycloak-database"));
    return new Keycloak(folder, home, postgres.url(DATABASE), port(folder, publicPort));
  }

  /** The issuer of its tokens. */
  public URI issuer() {
    return URI.create(address() + "/realms/" + KeycloakRealm.NAME);
  }

  String address() {
    return "http://127.0.0.1:" + port;
  }

  /** Starts the server and returns once it answers. */
  public void start() {
    var log = folder.logs().resolve("keycloak.log");
    awaitReady(begun(log), log);
  }

  private synchronized Process begun(Path log) {
    var running = process;
    if (running != null && running.isAlive()) {
      return running;
    }
    try {
      var started = builder(log).start();
      process = started;
      remember(started);
      return started;
    } catch (IOException e) {
      throw new CannotStart("Keycloak cannot be run: " + e.getMessage(), e);
    }
  }

  /** Makes the realm where it is missing; the console is reached under this address. */
  boolean prepareRealm(URI console) {
    new KeycloakRealm(folder, address()).prepare(console);
    return true;
  }

  @Override
  public synchronized void close() {
    var running = process;
    if (running != null) {
      stop(running.toHandle());
      process = null;
    }
    forget(folder);
  }

  /** Stops the server of a folder that outlived the process that started it. */
  static void stopLeftBehind(DataFolder folder) {
    var file = pidFile(folder);
    if (!Files.exists(file)) {
      return;
    }
    try {
      var words = Files.readString(file).strip().split(" ", 2);
      ProcessHandle.of(Long.parseLong(words[0]))
          .filter(left -> started(left).equals(words.length > 1 ? words[1] : ""))
          .ifPresent(Keycloak::stop);
    } catch (IOException | NumberFormatException e) {
      throw new CannotStart("The file " + file + " cannot be read: " + e.getMessage(), e);
    }
    forget(folder);
  }

  /** The properties by which every service knows the issuer. */
  Map<String, Object> properties() {
    var realm = issuer() + "/protocol/openid-connect";
    var properties = new LinkedHashMap<String, Object>();
    properties.put("assay.identity.issuer", issuer().toString());
    properties.put("assay.identity.jwks-url", realm + "/certs");
    properties.put("assay.identity.service.token-url", realm + "/token");
    properties.put("assay.identity.introspection.url", realm + "/token/introspect");
    properties.put("assay.identity.introspection.client-id", "assay");
    properties.put(
        "assay.identity.introspection.client-secret-file",
        folder.secretFile(KeycloakRealm.INTROSPECTION_SECRET).toString());
    properties.put("assay.identity.step-up.acr-values", List.of("2"));
    properties.put("assay.identity.step-up.max-age", "5m");
    properties.put("assay.identity.console.client-id", "assay-console");
    return properties;
  }

  /** The properties of one service. */
  Map<String, Object> properties(Service service) {
    return KeycloakRealm.secretOf(service)
        .<Map<String, Object>>map(
            secret -> {
              folder.secret(secret);
              return Map.of(
                  "assay.identity.service.client-secret-file",
                  folder.secretFile(secret).toString());
            })
        .orElse(Map.of());
  }

  private ProcessBuilder builder(Path log) {
    var command = new ArrayList<>(KeycloakSoftware.java(home));
    command.addAll(
        List.of(
            "start",
            "--optimized",
            "--cache=local", // else it looks for others on the network
            "--http-enabled=true",
            "--http-host=127.0.0.1",
            "--http-port=" + port,
            "--hostname=" + address(),
            "--db-pool-initial-size=1",
            "--db-pool-max-size=20"));
    var builder =
        new ProcessBuilder(command)
            .directory(folder.path().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    var environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("KC_") || name.startsWith("KEYCLOAK_"));
    environment.put("KC_DB_URL", databaseUrl);
    environment.put("KC_DB_USERNAME", DATABASE);
    environment.put("KC_DB_PASSWORD", folder.secret("keycloak-database"));
    environment.put("KC_BOOTSTRAP_ADMIN_CLIENT_ID", KeycloakRealm.ADMIN);
    environment.put("KC_BOOTSTRAP_ADMIN_CLIENT_SECRET", folder.secret(KeycloakRealm.ADMIN_SECRET));
    return builder;
  }

  private void awaitReady(Process started, Path log) {
    var deadline = System.nanoTime() + READY.toNanos();
    var ready =
        HttpRequest.newBuilder(URI.create(address() + "/health/ready"))
            .timeout(Duration.ofSeconds(5))
            .build();
    try (var http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
      while (!answers(http, ready)) {
        if (started.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          throw new CannotStart("Keycloak does not start: see " + log);
        }
        if (System.nanoTime() > deadline) {
          close();
          throw new CannotStart("Keycloak was not ready within " + READY + ": see " + log);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new CannotStart("Interrupted while Keycloak was starting", e);
    }
  }

  private static boolean answers(HttpClient http, HttpRequest ready) throws InterruptedException {
    try {
      return http.send(ready, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** The port of the folder, chosen once. */
  private static int port(DataFolder folder, int publicPort) {
    var file = folder.keycloak().resolve("port");
    try {
      Files.createDirectories(folder.keycloak());
      if (Files.exists(file)) {
        int port = Integer.parseInt(Files.readString(file).strip());
        if (port == publicPort || !Ports.isFree(port)) {
          throw new CannotStart(
              "Port %d is taken, where the Keycloak of %s has to be: its address is in all it says."
                  .formatted(port, folder.path()));
        }
        return port;
      }
      int port =
          USUAL_PORT != publicPort && Ports.isFree(USUAL_PORT) ? USUAL_PORT : Ports.free(1)[0];
      Files.writeString(file, Integer.toString(port));
      return port;
    } catch (IOException | NumberFormatException e) {
      throw new CannotStart("The file " + file + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static void create(Postgres postgres, String password) {
    try (var connection = postgres.superuser("postgres").getConnection();
        var statement = connection.createStatement()) {
      try (var role =
          statement.executeQuery("select 1 from pg_roles where rolname = '" + DATABASE + "'")) {
        if (!role.next()) {
          connection.createStatement().execute("create role " + DATABASE + " login");
        }
      }
      // Our own secret: letters, digits, hyphen and underscore.
      statement.execute("alter role " + DATABASE + " password '" + password + "'");
      try (var database =
          statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
        if (!database.next()) {
          connection
              .createStatement()
              .execute("create database " + DATABASE + " owner " + DATABASE);
        }
      }
    } catch (SQLException e) {
      throw new CannotStart("Keycloak's database cannot be created: " + e.getMessage(), e);
    }
  }

  private void remember(Process started) throws IOException {
    Files.writeString(pidFile(folder), started.pid() + " " + started(started.toHandle()));
  }

  private static void forget(DataFolder folder) {
    try {
      Files.deleteIfExists(pidFile(folder));
    } catch (IOException e) {
      throw new CannotStart("The file " + pidFile(folder) + " cannot be removed", e);
    }
  }

  private static Path pidFile(DataFolder folder) {
    return folder.keycloak().resolve("pid");
  }

  /** A process number is given again, the number and the moment it began are not. */
  private static String started(ProcessHandle process) {
    return Optional.of(process)
        .flatMap(handle -> handle.info().startInstant())
        .map(Instant::toString)
        .orElse("");
  }

  private static void stop(ProcessHandle process) {
    process.destroy();
    try {
      process.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      process.destroyForcibly();
      process.onExit().join();
    }
  }
}
