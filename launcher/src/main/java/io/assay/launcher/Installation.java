package io.assay.launcher;

import io.micronaut.context.env.PropertySource;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A running Assay: PostgreSQL and every service, in this process, over one data folder. Closing
 * stops all of it and keeps the data.
 */
public final class Installation implements AutoCloseable {

  /** Above every file and the environment: an installation is complete in itself. */
  private static final int MOST = 10_000;

  private static final String NODE = "installation";

  private final DataFolder folder;
  private final List<AutoCloseable> parts;
  private final Map<Service, RunningService> services;
  private final @Nullable Keycloak keycloak;
  private final CountDownLatch closed = new CountDownLatch(1);

  private Installation(
      DataFolder folder,
      List<AutoCloseable> parts,
      Map<Service, RunningService> services,
      @Nullable Keycloak keycloak) {
    this.folder = folder;
    this.parts = parts;
    this.services = services;
    this.keycloak = keycloak;
  }

  /**
   * Starts everything over a data folder, which is created where it is missing.
   *
   * @param port of the gateway; 0 takes a free one
   * @throws RuntimeException with one line for people, where the folder or the port is taken
   */
  public static Installation start(Path data, int port) {
    return start(data, port, null, silent());
  }

  /**
   * The same, with Keycloak in the place of the development issuer.
   *
   * @param distribution Keycloak's archive, as Maven has it
   */
  public static Installation startWithKeycloak(Path data, int port, Path distribution) {
    return start(data, port, distribution, silent());
  }

  static Installation start(Path data, int port, @Nullable Path distribution, Progress progress) {
    return start(data, port, distribution, null, progress);
  }

  /**
   * @param external a database on a server of somebody else; null starts one in the folder
   */
  static Installation start(
      Path data,
      int port,
      @Nullable Path distribution,
      @Nullable Database external,
      Progress progress) {
    if (distribution != null && external != null) {
      throw new CannotStart(
          "--keycloak keeps its users on the server that Assay starts: not with ASSAY_DATABASE_URL.");
    }
    // Before the folder is taken: the first time this is a minute's work.
    var software = distribution == null ? null : KeycloakSoftware.of(distribution, progress);
    var folder = new DataFolder(data);
    var parts = new ArrayList<AutoCloseable>();
    try {
      parts.add(folder.lock());
      folder.forgetState(); // of one that was killed
      int publicPort = Ports.require(port);
      Keycloak.stopLeftBehind(folder);
      Database database;
      Keycloak keycloak = null;
      if (external == null) {
        var postgres =
            progress.step("PostgreSQL in " + shown(folder), () -> Postgres.start(folder));
        parts.add(postgres);
        database = progress.step("roles, schemas, migrations", () -> prepared(postgres, folder));
        keycloak = software == null ? null : Keycloak.over(folder, postgres, software, publicPort);
      } else {
        database = progress.step("migrations", external::migrated);
      }
      CompletableFuture<?> issuer = CompletableFuture.completedFuture(null);
      if (keycloak != null) {
        parts.add(keycloak);
        issuer = CompletableFuture.runAsync(keycloak::start); // beside the services
      }
      var services =
          startServices(folder, database, external == null, keycloak, publicPort, parts, progress);
      if (keycloak != null) {
        var realm = keycloak;
        progress.step("Keycloak on " + keycloak.address(), joined(issuer));
        progress.step(
            "realm " + KeycloakRealm.NAME,
            () -> realm.prepareRealm(addressOf(services, Service.GATEWAY)));
      }
      var installation = new Installation(folder, parts, services, keycloak);
      folder.write(
          new DataFolder.State(
              ProcessHandle.current().pid(),
              installation.url().toString(),
              installation.issuer().toString(),
              keycloak != null));
      return installation;
    } catch (RuntimeException e) {
      closeAll(parts);
      throw e;
    }
  }

  /** The address of the gateway and of the console. */
  public URI url() {
    return address(Service.GATEWAY);
  }

  /** The address of the development issuer, or of Keycloak's realm. */
  public URI issuer() {
    return keycloak == null ? address(Service.DEV_ISSUER) : keycloak.issuer();
  }

  /** Keycloak, where it stands in the place of the development issuer. */
  public Optional<Keycloak> keycloak() {
    return Optional.ofNullable(keycloak);
  }

  /** The address of a service itself, past the gateway. */
  public URI service(String name) {
    return address(Service.of(name));
  }

  /** Returns when the installation is closed. */
  void await() throws InterruptedException {
    closed.await();
  }

  @Override
  public synchronized void close() {
    if (closed.getCount() == 0) {
      return;
    }
    folder.forgetState();
    try {
      closeAll(parts);
    } finally {
      closed.countDown();
    }
  }

  private static Database prepared(Postgres postgres, DataFolder folder) {
    var server = new DatabaseServer(postgres.url(Database.NAME));
    var database = new Database(server, folder.secrets());
    database.prepare(Postgres.SUPERUSER, postgres.password());
    database.migrate();
    return database;
  }

  private URI address(Service service) {
    return addressOf(services, service);
  }

  private static URI addressOf(Map<Service, RunningService> services, Service service) {
    return URI.create("http://127.0.0.1:" + Objects.requireNonNull(services.get(service)).port());
  }

  private static Map<Service, RunningService> startServices(
      DataFolder folder,
      Database database,
      boolean alone,
      @Nullable Keycloak keycloak,
      int publicPort,
      List<AutoCloseable> parts,
      Progress progress) {
    var ports = new EnumMap<Service, Integer>(Service.class);
    var free = Ports.free(Service.values().length);
    var wanted = EnumSet.allOf(Service.class);
    if (keycloak != null) {
      wanted.remove(Service.DEV_ISSUER);
    }
    for (var service : wanted) {
      ports.put(service, service == Service.GATEWAY ? publicPort : free[service.ordinal()]);
    }
    folder.secret("master");
    var common = new LinkedHashMap<String, Object>();
    ports.forEach(
        (service, port) -> {
          var address = "http://127.0.0.1:" + port;
          common.put("assay.services." + service.spelling() + ".url", address);
        });
    if (keycloak == null) {
      var issuer = "http://127.0.0.1:" + ports.get(Service.DEV_ISSUER);
      common.put("assay.identity.jwks-url", issuer + "/jwks");
      common.put("assay.identity.service.token-url", issuer + "/token");
      common.put("assay.identity.service.client-secret-file", folder.issuerSecretFile().toString());
      common.put("assay.identity.introspection.url", issuer + "/introspect");
      common.put(
          "assay.identity.introspection.client-secret-file", folder.issuerSecretFile().toString());
    } else {
      common.putAll(keycloak.properties());
      common.put("assay.identity.console.url", "http://127.0.0.1:" + publicPort);
    }
    common.put("assay.secret-file", folder.secretFile("master").toString());
    common.put("assay.data", folder.path().toString());
    if (alone) { // the folder is locked: claims of a dead process are ours
      common.put("assay.node", NODE);
    }
    common.put("assay.artifacts.dir", folder.artifacts().toString());

    var running = new EnumMap<Service, RunningService>(Service.class);
    var starting = new EnumMap<Service, CompletableFuture<RunningService>>(Service.class);
    for (var service : wanted) {
      var properties = new LinkedHashMap<String, Object>(common);
      properties.putAll(database.properties(service));
      if (keycloak != null) {
        properties.putAll(keycloak.properties(service));
      }
      properties.put("micronaut.server.port", ports.get(service));
      properties.put("assay.identity.service.client-id", "assay-" + service.spelling());
      starting.put(
          service,
          CompletableFuture.supplyAsync(
              () ->
                  RunningService.start(
                      service, PropertySource.of("installation", properties, MOST))));
    }
    RuntimeException failure = null;
    for (var service : wanted) {
      try {
        var started =
            progress.step(
                service.spelling(), () -> Objects.requireNonNull(starting.get(service)).join());
        running.put(service, started);
        parts.add(started);
      } catch (CompletionException e) {
        if (failure == null) {
          failure = e.getCause() instanceof RuntimeException cause ? cause : e;
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    return running;
  }

  private static Supplier<Boolean> joined(CompletableFuture<?> work) {
    return () -> {
      try {
        work.join();
        return true;
      } catch (CompletionException e) {
        throw e.getCause() instanceof RuntimeException cause ? cause : e;
      }
    };
  }

  private static Progress silent() {
    return new Progress(
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
  }

  /** Closes in the opposite order, all of them, and then reports the first failure. */
  private static void closeAll(List<AutoCloseable> parts) {
    RuntimeException failure = null;
    for (var part : parts.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        failure = failure == null ? new IllegalStateException("Not all was stopped", e) : failure;
      }
    }
    parts.clear();
    if (failure != null) {
      throw failure;
    }
  }

  private static String shown(DataFolder folder) {
    var here = Path.of("").toAbsolutePath();
    return folder.path().startsWith(here)
        ? here.relativize(folder.path()).toString()
        : folder.path().toString();
  }
}
