package io.assay.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.OptionalLong;

/** A token bucket for each actor, in this process. */
@Singleton
class RateLimits {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final GatewayConfiguration limits;
  private final Cache<String, Bucket> buckets =
      Caffeine.newBuilder().maximumSize(100_000).expireAfterAccess(Duration.ofMinutes(5)).build();

  RateLimits(GatewayConfiguration limits) {
    this.limits = limits;
  }

  /** Takes one request; if there is none left, the seconds until there is. */
  OptionalLong take(String who) {
    var taken = buckets.get(who, key -> bucket()).tryConsumeAndReturnRemaining(1);
    return taken.isConsumed()
        ? OptionalLong.empty()
        : OptionalLong.of(
            Math.max(1, Duration.ofNanos(taken.getNanosToWaitForRefill()).toSeconds()));
  }

  private Bucket bucket() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(limits.burst()).refillGreedy(limits.rate(), SECOND))
        .build();
  }
}
