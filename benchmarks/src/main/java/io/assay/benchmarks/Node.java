package io.assay.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One more registry over the database of an installation, in a process of its own. */
final class Node implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration GLANCE = Duration.ofMillis(200);

  private final Process process;
  private final int port;

  private Node(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts it with this process's options of the virtual machine and waits until it is ready.
   *
   * @param assay the installation
   * @param folder its data
   * @param database as JDBC spells its address
   */
  static Node start(Addresses assay, Path folder, String database, Requests http)
      throws IOException, InterruptedException {
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    var jar =
        Path.of(System.getProperty("assay.home", "."), "launcher/target/assay-runnable.jar")
            .toAbsolutePath();
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-Xmx512m", "-jar", jar.toString(), "serve", "--service=registry"));
    var builder = new ProcessBuilder(command);
    var environment = builder.environment();
    var secrets = folder.resolve("secrets");
    var issuerSecret = folder.resolve("dev-issuer").resolve("client-secret").toString();
    environment.put("MICRONAUT_SERVER_PORT", Integer.toString(port));
    environment.put("ASSAY_DATABASE_URL", database);
    environment.put("ASSAY_DATABASE_PASSWORDS", secrets.toString());
    environment.put("ASSAY_SECRET_FILE", secrets.resolve("master").toString());
    environment.put("ASSAY_DATA", folder.toString());
    environment.put("ASSAY_ARTIFACTS_DIR", folder.resolve("artifacts").toString());
    environment.put("ASSAY_IDENTITY_JWKS_URL", assay.issuer() + "/jwks");
    environment.put("ASSAY_IDENTITY_SERVICE_TOKEN_URL", assay.issuer() + "/token");
    environment.put("ASSAY_IDENTITY_SERVICE_CLIENT_SECRET_FILE", issuerSecret);
    environment.put("ASSAY_IDENTITY_INTROSPECTION_URL", assay.issuer() + "/introspect");
    environment.put("ASSAY_IDENTITY_INTROSPECTION_CLIENT_SECRET_FILE", issuerSecret);
    environment.put("ASSAY_SERVICES_POLICY_URLS", assay.policy().toString());
    var log = Files.createTempFile(folder, "node", ".log");
    var process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "node"));
    var node = new Node(process, port);
    node.awaitReady(http, log);
    return node;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  private void awaitReady(Requests http, Path log) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isReady(http)) {
      if (process.waitFor(GLANCE.toMillis(), TimeUnit.MILLISECONDS)
          || System.nanoTime() > deadline) {
        close();
        throw new IllegalStateException("A node does not start:\n" + Files.readString(log));
      }
    }
  }

  private boolean isReady(Requests http) {
    try {
      return http.get(URI.create(url() + "/health/ready"), "").status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
