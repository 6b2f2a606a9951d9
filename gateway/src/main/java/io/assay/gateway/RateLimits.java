package io.assay.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.exceptions.ConfigurationException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A token bucket for each actor and for each address, by class of route, in this process.
 *
 * <p>The buckets are bounded in number. One that is not used for as long as it takes to fill is
 * forgotten, which changes nothing; under pressure the one used least goes first.
 */
@Singleton
class RateLimits {

  /** Whose requests are counted together. */
  enum By {
    ACTOR,
    ADDRESS
  }

  /**
   * What a bucket says of one request.
   *
   * @param admitted whether it is let in
   * @param limit the requests that may come at once; 0 is no limit
   * @param windowSeconds in which as many come back
   * @param remaining requests that may come now
   * @param resetSeconds until the bucket is full again
   * @param waitSeconds until a refused request would be let in
   */
  record Taken(
      boolean admitted,
      long limit,
      long windowSeconds,
      long remaining,
      long resetSeconds,
      long waitSeconds) {

    private static final Taken UNLIMITED = new Taken(true, 0, 0, 0, 0, 0);
  }

  private record Key(By by, RouteClass kind, String who) {}

  private record Limit(long rate, long burst) {

    long windowSeconds() {
      return Math.max(1, Math.ceilDiv(burst, rate));
    }

    Bucket bucket() {
      return Bucket.builder()
          .addLimit(it -> it.capacity(burst).refillGreedy(rate, Duration.ofSeconds(1)))
          .build();
    }
  }

  private static final Duration LEAST_IDLE = Duration.ofMinutes(10);

  private final Map<RouteClass, ClassLimits> limits = new EnumMap<>(RouteClass.class);
  private final Cache<Key, Bucket> buckets;
  private final MeterRegistry meters;

  RateLimits(
      Collection<ClassLimits> classes, GatewayConfiguration configuration, MeterRegistry meters) {
    for (var limit : classes) {
      limits.put(kind(limit.name()), limit);
    }
    for (var kind : RouteClass.values()) {
      limits.computeIfAbsent(
          kind, missing -> new ClassLimits(missing.spelling(), 200, 400, 1000, 2000));
    }
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(configuration.maximumBuckets())
            .expireAfterAccess(idle())
            .build();
    this.meters = meters;
    meters.gauge("assay.gateway.buckets", buckets, Cache::estimatedSize);
  }

  /** Takes one request of this class from the bucket of an actor or an address. */
  Taken take(By by, RouteClass kind, String who) {
    var limit = limit(by, kind);
    if (limit.rate() == 0) {
      return Taken.UNLIMITED;
    }
    var probe =
        buckets.get(new Key(by, kind, who), key -> limit.bucket()).tryConsumeAndReturnRemaining(1);
    if (!probe.isConsumed()) {
      meters
          .counter(
              "assay.gateway.limited",
              "by",
              by.name().toLowerCase(Locale.ROOT),
              "class",
              kind.spelling())
          .increment();
    }
    return new Taken(
        probe.isConsumed(),
        limit.burst(),
        limit.windowSeconds(),
        probe.getRemainingTokens(),
        seconds(probe.getNanosToWaitForReset()),
        Math.max(1, seconds(probe.getNanosToWaitForRefill())));
  }

  /** Long enough for every bucket to fill, so that to be forgotten gains nobody anything. */
  private Duration idle() {
    long longest = LEAST_IDLE.toSeconds();
    for (var by : By.values()) {
      for (var kind : RouteClass.values()) {
        var limit = limit(by, kind);
        longest = limit.rate() == 0 ? longest : Math.max(longest, limit.windowSeconds());
      }
    }
    return Duration.ofSeconds(longest);
  }

  private Limit limit(By by, RouteClass kind) {
    var of = Objects.requireNonNull(limits.get(kind));
    return switch (by) {
      case ACTOR -> new Limit(of.actorRate(), of.actorBurst());
      case ADDRESS -> new Limit(of.addressRate(), of.addressBurst());
    };
  }

  /** Rounded up: who comes back then is let in. */
  private static long seconds(long nanos) {
    return Math.ceilDiv(nanos, Duration.ofSeconds(1).toNanos());
  }

  private static RouteClass kind(String name) {
    for (var kind : RouteClass.values()) {
      if (kind.spelling().equals(name)) {
        return kind;
      }
    }
    throw new ConfigurationException(
        "assay.gateway.limits." + name + ": a class of routes is reads, writes or uploads");
  }
}
