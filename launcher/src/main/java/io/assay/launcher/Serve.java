package io.assay.launcher;

import io.micronaut.context.env.PropertySource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Starts services as one process of many. Database, issuer and the addresses of the others come
 * from {@code ASSAY_*} and {@code DATASOURCES_*} environment variables and from a YAML file.
 */
@Command(
    name = "serve",
    description = "Starts single services, configured by environment variables and a file.",
    mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {

  /** Below every file and the environment. */
  private static final int LEAST = -10_000;

  /** Time for gateways to notice: several times as long as they take to ask again. */
  private static final Duration NOTICE = Duration.ofSeconds(3);

  /** Time for requests in flight; what kills processes that do not end must be more patient. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Option(
      names = "--service",
      required = true,
      split = ",",
      paramLabel = "NAME",
      description = "dev-issuer, policy, registry, lineage, console or gateway; can be repeated.")
  private List<String> services = List.of();

  @Option(names = "--config", paramLabel = "FILE", description = "A YAML file of properties.")
  private @Nullable Path configuration;

  @Override
  public Integer call() throws InterruptedException {
    if (configuration != null) {
      System.setProperty("micronaut.config.files", configuration.toAbsolutePath().toString());
    }
    refuseWhatIsWrong();
    var running = new CopyOnWriteArrayList<RunningService>();
    var stop = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(running.reversed()), "stop"));
    for (var name : services) {
      var started = RunningService.start(Service.of(name), defaults(Service.of(name)));
      running.add(started);
      System.out.println(name + " listens on port " + started.port());
    }
    stop.await();
    return 0;
  }

  /** All of it at once, before anything is started. */
  private void refuseWhatIsWrong() {
    var check = new ConfigurationCheck(System.getenv());
    var faults = new LinkedHashSet<String>();
    for (var name : services) {
      var service = Service.of(name);
      for (var finding : check.of(service, configuration, defaults(service))) {
        if (finding.fault()) {
          faults.add("The service " + name + " does not start: " + finding.text());
        } else {
          System.err.println("assay: " + finding.text());
        }
      }
    }
    if (!faults.isEmpty()) {
      throw new CannotStart(String.join(System.lineSeparator() + "assay: ", faults));
    }
  }

  /** Says so first, to those who send requests; then finishes what is in flight; then ends. */
  private static void stop(List<RunningService> running) {
    try {
      running.forEach(RunningService::announceEnd);
      Thread.sleep(longest(running, "assay.drain.notice", NOTICE));
      for (var service : running) {
        service.finishRequests(service.setting("assay.drain.patience", PATIENCE));
        service.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration longest(
      List<RunningService> running, String setting, Duration otherwise) {
    return running.stream()
        .map(service -> service.setting(setting, otherwise))
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** Where nothing else says so, the services are neighbours on the loopback interface. */
  static PropertySource defaults(Service service) {
    var defaults = new LinkedHashMap<String, Object>();
    defaults.put("micronaut.server.port", service.defaultPort());
    for (var other : Service.values()) {
      defaults.put(
          "assay.services." + other.spelling() + ".url", "http://127.0.0.1:" + other.defaultPort());
    }
    return PropertySource.of("defaults", defaults, LEAST);
  }
}
