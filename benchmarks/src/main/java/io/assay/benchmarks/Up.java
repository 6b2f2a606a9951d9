package io.assay.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** An {@code assay up} over a data folder, as one calls it, in a process of its own. */
final class Up implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration GLANCE = Duration.ofMillis(20);

  private final Process process;
  private final Addresses addresses;
  private final double seconds;

  private Up(Process process, Addresses addresses, double seconds) {
    this.process = process;
    this.addresses = addresses;
    this.seconds = seconds;
  }

  /** Starts it and waits until it is ready. */
  static Up start(Path folder, Requests http) throws IOException, InterruptedException {
    var assay = Path.of(System.getProperty("assay.home", "."), "assay").toAbsolutePath();
    var builder =
        new ProcessBuilder(assay.toString(), "up", "--data", folder.toString(), "--port", "0");
    builder
        .environment()
        .put(
            "ASSAY_JAVA_OPTS",
            HttpBench.limits().stream()
                .map(limit -> "-D" + limit + "=0")
                .collect(Collectors.joining(" ")));
    var log = Files.createTempFile("assay-up", ".log");
    long begin = System.nanoTime();
    var process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "up"));
    while (System.nanoTime() - begin < PATIENCE.toNanos() && process.isAlive()) {
      var state = state(folder);
      if (isReady(state, http)) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        Files.delete(log);
        return new Up(process, addresses(state), seconds);
      }
      TimeUnit.NANOSECONDS.sleep(GLANCE.toNanos());
    }
    process.destroy();
    throw new IllegalStateException("assay up does not come up:\n" + Files.readString(log));
  }

  Addresses addresses() {
    return addresses;
  }

  /** How long it took to be ready, from the call on. */
  double seconds() {
    return seconds;
  }

  /** The memory of its process, without PostgreSQL's, that is in use. */
  double residentMegabytes() throws IOException {
    var ps =
        new ProcessBuilder(List.of("ps", "-o", "rss=", "-p", Long.toString(process.pid()))).start();
    var kilobytes = new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Long.parseLong(kilobytes.strip()) / 1024.0;
  }

  private static Properties state(Path folder) throws IOException {
    var state = new Properties();
    var file = folder.resolve("state.properties");
    if (Files.exists(file)) {
      try (var in = Files.newInputStream(file)) {
        state.load(in);
      }
    }
    return state;
  }

  private static boolean isReady(Properties state, Requests http) {
    try {
      return state.containsKey("url")
          && http.get(addresses(state).gateway().resolve("/health/ready"), "").status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static Addresses addresses(Properties state) {
    return Addresses.behind(
        URI.create(state.getProperty("url")), URI.create(state.getProperty("issuer")));
  }

  /** Stops it, and waits until its database is stopped. */
  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }
}
