package io.assay.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One service in a process of its own: {@code java -jar assay-runnable.jar serve --service=…}, with
 * environment variables, as in production. It can be killed, and started again on the same port.
 */
final class Server implements AutoCloseable {

  private static final Duration READY = Duration.ofSeconds(180);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private final String service;
  private final int port;
  private final Path log;
  private final Map<String, String> environment;
  private final List<String> options;
  private @Nullable Process process;

  Server(String name, String service, int port, Path folder, Map<String, String> environment) {
    this.service = service;
    this.port = port;
    this.log = folder.resolve(name + ".log");
    this.environment = environment;
    this.options =
        List.of(
            "-Xmx" + (service.equals("registry") ? "256m" : "160m"),
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1");
  }

  String service() {
    return service;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Starts the process; does not wait for it. */
  void start() {
    process = Java.start(options, List.of("serve", "--service=" + service), environment(), log);
  }

  private Map<String, String> environment() {
    var all = new java.util.TreeMap<>(environment);
    all.put("MICRONAUT_SERVER_PORT", Integer.toString(port));
    return all;
  }

  /** Waits until it says it is ready. */
  void awaitReady() {
    var deadline = System.nanoTime() + READY.toNanos();
    while (!isReady()) {
      if (hasEnded(Duration.ofMillis(100))) {
        throw new AssertionError(service + " ended:\n" + lastLines());
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(service + " was not ready in time:\n" + lastLines());
      }
    }
  }

  boolean isReady() {
    return isReady(url());
  }

  static boolean isReady(URI server) {
    try {
      var request =
          HttpRequest.newBuilder(URI.create(server + "/health/ready"))
              .timeout(Duration.ofSeconds(5))
              .build();
      return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** {@code kill -9}. */
  void kill() {
    if (process != null) {
      process.destroyForcibly();
      hasEnded(Duration.ofSeconds(30));
    }
  }

  /** SIGTERM; returns when the process has ended. */
  void terminate() {
    if (process != null) {
      process.destroy();
      if (!hasEnded(Duration.ofSeconds(60))) {
        throw new AssertionError(service + " does not end:\n" + lastLines());
      }
    }
  }

  boolean hasEnded(Duration within) {
    try {
      return process == null || process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String lastLines() {
    try {
      var lines = Files.exists(log) ? Files.readAllLines(log) : new ArrayList<String>();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
