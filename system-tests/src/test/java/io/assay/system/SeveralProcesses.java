package io.assay.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Each service in a process of its own, two of each, on one PostgreSQL, prepared and configured as
 * {@code docs/operations.md} says. The development issuer stands for the organisation's own: one.
 */
final class SeveralProcesses implements Shape {

  private static final int INSTANCES = 2;
  private static final List<String> SERVICES =
      List.of("registry", "policy", "lineage", "console", "gateway");

  private final Path folder;
  private final Postgres postgres;
  private final Map<String, List<Server>> servers = new LinkedHashMap<>();

  private SeveralProcesses(Path folder, Postgres postgres) {
    this.folder = folder;
    this.postgres = postgres;
  }

  static SeveralProcesses start(Path folder) {
    var postgres = Postgres.start(folder.resolve("postgres"), Map.of("max_connections", "200"));
    return start(folder, postgres.url(), postgres);
  }

  /**
   * Starts over a database that this prepares.
   *
   * @param url with which the services connect
   */
  static SeveralProcesses start(Path folder, String url, Postgres postgres) {
    var shape = new SeveralProcesses(folder, postgres);
    try {
      shape.prepare(url, postgres);
      shape.configure(url);
      shape.start();
      return shape;
    } catch (IOException e) {
      shape.close();
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      shape.close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (RuntimeException | AssertionError e) {
      shape.close();
      throw e;
    }
  }

  /** The issuer first: it writes the secret that the others would not start without. */
  private void start() {
    instances("dev-issuer").forEach(Server::start);
    instances("dev-issuer").forEach(Server::awaitReady);
    SERVICES.forEach(service -> instances(service).forEach(Server::start));
    SERVICES.forEach(service -> instances(service).forEach(Server::awaitReady));
  }

  private void prepare(String url, Postgres postgres) throws IOException, InterruptedException {
    Java.run(
        0,
        List.of("database", "prepare"),
        Map.of(
            "ASSAY_DATABASE_URL",
            url,
            "ASSAY_DATABASE_PASSWORDS",
            secrets().toString(),
            "PGPASSWORD",
            Postgres.PASSWORD));
    var master = new byte[32];
    new SecureRandom().nextBytes(master);
    Files.writeString(
        secrets().resolve("master"), Base64.getEncoder().withoutPadding().encodeToString(master));
  }

  private void configure(String url) {
    var ports = ports(SERVICES.size() * INSTANCES + 1);
    int issuerPort = ports.removeLast();
    var issuer = "http://127.0.0.1:" + issuerPort;
    var environment = new LinkedHashMap<String, String>();
    environment.put("ASSAY_DATABASE_URL", url);
    environment.put("ASSAY_DATABASE_PASSWORDS", secrets().toString());
    environment.put("ASSAY_SECRET_FILE", secrets().resolve("master").toString());
    environment.put("ASSAY_DATA", folder.toString());
    environment.put("ASSAY_ARTIFACTS_DIR", folder.resolve("artifacts").toString());
    environment.put("ASSAY_IDENTITY_JWKS_URL", issuer + "/jwks");
    environment.put("ASSAY_IDENTITY_SERVICE_TOKEN_URL", issuer + "/token");
    environment.put("ASSAY_IDENTITY_SERVICE_CLIENT_SECRET_FILE", issuerSecret().toString());
    environment.put("ASSAY_IDENTITY_INTROSPECTION_URL", issuer + "/introspect");
    environment.put("ASSAY_IDENTITY_INTROSPECTION_CLIENT_SECRET_FILE", issuerSecret().toString());
    environment.put("ASSAY_SERVICES_DEV_ISSUER_URL", issuer);
    environment.put(
        "MICRONAUT_CONFIG_FILES",
        WorkloadIssuers.shared().configuration(folder.resolve("configuration")).toString());
    environment.putAll(Load.UNLIMITED);
    servers.put(
        "dev-issuer",
        List.of(new Server("dev-issuer", "dev-issuer", issuerPort, folder, environment)));
    for (var service : SERVICES) {
      var instances = new ArrayList<Server>();
      for (int i = 1; i <= INSTANCES; i++) {
        instances.add(
            new Server(service + "-" + i, service, ports.removeLast(), folder, environment));
      }
      servers.put(service, List.copyOf(instances));
      environment.put(
          "ASSAY_SERVICES_" + service.toUpperCase(java.util.Locale.ROOT) + "_URLS",
          instances.stream().map(Server::url).map(URI::toString).collect(Collectors.joining(",")));
    }
  }

  Postgres postgres() {
    return postgres;
  }

  /** All of them: what is asked before who asks. */
  List<Server> all() {
    return servers.values().stream().flatMap(List::stream).toList();
  }

  /** The instances of a service. */
  List<Server> instances(String service) {
    return java.util.Objects.requireNonNull(servers.get(service));
  }

  @Override
  public URI url() {
    return service("gateway");
  }

  @Override
  public URI issuer() {
    return service("dev-issuer");
  }

  @Override
  public URI service(String name) {
    return instances(name).getFirst().url();
  }

  @Override
  public List<URI> instancesOf(String name) {
    return instances(name).stream().map(Server::url).toList();
  }

  @Override
  public Path issuerSecret() {
    return folder.resolve("dev-issuer").resolve("client-secret");
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public void close() {
    all().forEach(Server::close);
    postgres.close();
  }

  private Path secrets() {
    return folder.resolve("secrets");
  }

  private static List<Integer> ports(int count) {
    var held = new ArrayList<ServerSocket>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      var ports =
          held.stream()
              .map(ServerSocket::getLocalPort)
              .collect(Collectors.toCollection(ArrayList::new));
      for (var socket : held) {
        socket.close();
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
