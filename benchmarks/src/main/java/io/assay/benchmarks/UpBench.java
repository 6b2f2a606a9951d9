package io.assay.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What {@code assay up} costs who runs it: how soon it is ready on a log of some length, against
 * one that is nearly empty, and how much memory its process takes after a minute of registrations.
 */
final class UpBench implements AutoCloseable {

  private static final Duration LOAD = Duration.ofMinutes(1);

  private final Requests http = new Requests();
  private final int clients;
  private Map<String, Double> observed = Map.of();

  private UpBench(int clients) {
    this.clients = clients;
  }

  static Report run(Bench.Options options, Consumer<String> progress) throws Exception {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    try (var scratch = Scratch.in(options.data())) {
      return run(options, load, scratch.folder(), progress);
    }
  }

  private static Report run(
      Bench.Options options, double load, Path folder, Consumer<String> progress) throws Exception {
    var small = folder.resolve("small");
    var large = folder.resolve("large");
    HttpBench.fill(small, 0, progress);
    var settings = HttpBench.fill(large, options.events(), progress);
    int clients = options.clients().getLast();
    Report.Row row;
    try (var bench = new UpBench(clients)) {
      bench.starting(small); // the first one after a build rehearses
      var starts =
          new Paired(
              "up on a log of %,d events, then %d clients".formatted(options.events(), clients),
              "starts",
              "starts",
              () -> bench.starting(small),
              () -> bench.startingAndRegistering(large));
      row = starts.measure(options.rounds(), () -> bench.observed, progress);
    }
    return new Report("up", List.of(row), LOAD, load, settings);
  }

  private double starting(Path folder) throws Exception {
    try (var up = Up.start(folder, http)) {
      return 1 / up.seconds();
    }
  }

  private double startingAndRegistering(Path folder) throws Exception {
    try (var up = Up.start(folder, http);
        var bench = new HttpBench(up.addresses(), folder)) {
      bench.findModels();
      double perSecond = bench.registering(clients, LOAD);
      observed =
          Map.of(
              "ready after s", up.seconds(),
              "resident MB", up.residentMegabytes(),
              "versions/s", perSecond);
      return 1 / up.seconds();
    }
  }

  @Override
  public void close() throws IOException {
    http.close();
  }
}
