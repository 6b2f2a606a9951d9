package io.assay.platform.upstream;

import io.micronaut.context.annotation.Property;
import io.micronaut.context.env.Environment;
import io.micronaut.core.type.Argument;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances of the other services: {@code assay.services.<name>.urls}, a list, or {@code
 * assay.services.<name>.url} where there is one.
 *
 * <p>Each instance of a service that was asked for is asked every {@code assay.services-probe}
 * whether it is ready. Those that are take turns; where none is, all do, since what was heard last
 * may be old.
 */
@Singleton
public final class Upstreams implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Upstreams.class);
  private static final Argument<List<String>> LIST = Argument.listOf(String.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private record Instances(List<Upstream> all, AtomicInteger turn) {}

  private final Environment environment;
  private final Duration interval;
  private final ConcurrentHashMap<String, Instances> services = new ConcurrentHashMap<>();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private @Nullable Thread prober;
  private volatile boolean closed;

  Upstreams(
      Environment environment,
      @Property(name = "assay.services-probe", defaultValue = "500ms") Duration interval) {
    this.environment = environment;
    this.interval = interval;
  }

  /**
   * The instance whose turn it is.
   *
   * @param tried are not chosen again
   * @return empty where the service has no other instance
   */
  public Optional<Upstream> choose(String service, Collection<Upstream> tried) {
    var instances = instances(service);
    int count = instances.all().size();
    int first = count > 1 ? Math.floorMod(instances.turn().getAndIncrement(), count) : 0;
    Upstream fallback = null;
    for (int i = 0; i < count; i++) {
      var candidate = instances.all().get((first + i) % count);
      if (!tried.contains(candidate)) {
        if (candidate.ready()) {
          return Optional.of(candidate);
        }
        fallback = fallback == null ? candidate : fallback;
      }
    }
    return Optional.ofNullable(fallback);
  }

  /** All instances of a service, ready or not. */
  public List<Upstream> all(String service) {
    return instances(service).all();
  }

  /** Asks every instance of the service now; true where one is ready. May take two seconds. */
  public boolean isReady(String service) {
    return instances(service).all().stream().map(this::probe).toList().stream()
        .map(CompletableFuture::join)
        .reduce(false, Boolean::logicalOr);
  }

  @Override
  @PreDestroy
  public synchronized void close() {
    closed = true;
    if (prober != null) {
      prober.interrupt();
    }
    http.shutdownNow();
  }

  private Instances instances(String service) {
    var known = services.get(service);
    return known == null ? services.computeIfAbsent(service, this::configured) : known;
  }

  private Instances configured(String service) {
    var prefix = "assay.services." + service;
    var urls = environment.getProperty(prefix + ".urls", LIST).orElse(List.of());
    var one = environment.getProperty(prefix + ".url", String.class);
    var addresses = urls.isEmpty() ? one.map(List::of).orElse(List.of()) : urls;
    watch();
    return new Instances(
        addresses.stream()
            .map(String::strip)
            .filter(address -> !address.isEmpty())
            .map(address -> new Upstream(service, address))
            .toList(),
        new AtomicInteger());
  }

  private synchronized void watch() {
    if (prober == null && !closed) {
      prober = Thread.ofVirtual().name("upstreams").start(this::probeAll);
    }
  }

  private void probeAll() {
    try {
      while (!closed) {
        CompletableFuture.allOf(
                services.values().stream()
                    .flatMap(instances -> instances.all().stream())
                    .map(this::probe)
                    .toArray(CompletableFuture[]::new))
            .join();
        Thread.sleep(interval);
      }
    } catch (InterruptedException e) {
      LOG.debug("Upstreams are no longer watched");
    }
  }

  private CompletableFuture<Boolean> probe(Upstream upstream) {
    return http.sendAsync(
            HttpRequest.newBuilder(upstream.at("/health/ready")).timeout(PATIENCE).build(),
            BodyHandlers.discarding())
        .handle(
            (answer, failure) -> {
              boolean ready = failure == null && answer.statusCode() == 200;
              if (ready != upstream.ready()) {
                LOG.info("{} is {}", upstream, ready ? "ready" : "not ready");
              }
              upstream.probed(ready);
              return ready;
            });
  }
}
