package io.assay.gateway;

import io.assay.platform.upstream.Upstream;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A circuit breaker before every instance: one that does not answer, or only slowly, is left alone
 * for a while, then tried by a few requests.
 *
 * <p>Beside it stands what the instance says of itself: one that comes back after it was not ready
 * is another process, and what was counted of the one before does not count.
 */
@Singleton
final class Breakers {

  private static final Logger LOG = LoggerFactory.getLogger(Breakers.class);

  /** Trials of which nothing is heard for so long have come to nothing. */
  private static final Duration TRIALS_END = Duration.ofMinutes(1);

  /** An instance's breaker, and which return of the instance it counts for. */
  private record Guarded(CircuitBreaker breaker, AtomicLong returns) {}

  private final Map<Upstream, Guarded> guarded = new ConcurrentHashMap<>();
  private final CircuitBreakerConfig configuration;
  private final MeterRegistry meters;
  private final long pauseSeconds;

  Breakers(BreakerConfiguration breaker, MeterRegistry meters) {
    this.meters = meters;
    this.pauseSeconds = Math.max(1, breaker.pause().toSeconds());
    this.configuration =
        CircuitBreakerConfig.custom()
            .slidingWindow(breaker.calls(), breaker.leastCalls(), SlidingWindowType.COUNT_BASED)
            .failureRateThreshold(breaker.failures())
            .slowCallRateThreshold(breaker.slow())
            .slowCallDurationThreshold(breaker.slowCall())
            .waitDurationInOpenState(breaker.pause())
            .permittedNumberOfCallsInHalfOpenState(breaker.trials())
            .maxWaitDurationInHalfOpenState(TRIALS_END)
            .build();
  }

  /** Whether a request may be sent now; what comes of it has to be told then, once. */
  boolean permits(Upstream upstream) {
    return of(upstream).tryAcquirePermission();
  }

  /** It answered, whatever it said. */
  void answered(Upstream upstream, long nanoseconds) {
    of(upstream).onSuccess(nanoseconds, TimeUnit.NANOSECONDS);
  }

  /** It gave no answer. */
  void failed(Upstream upstream, long nanoseconds, Throwable failure) {
    of(upstream).onError(nanoseconds, TimeUnit.NANOSECONDS, failure);
  }

  /** Nothing can be said of it: the client went away, or was at fault. */
  void unknown(Upstream upstream) {
    of(upstream).releasePermission();
  }

  /** Seconds after which an instance that is left alone may be tried again. */
  long pauseSeconds() {
    return pauseSeconds;
  }

  private CircuitBreaker of(Upstream upstream) {
    var known = guarded.computeIfAbsent(upstream, this::guard);
    long returns = upstream.returns();
    if (known.returns().getAndSet(returns) != returns) {
      known.breaker().reset();
    }
    return known.breaker();
  }

  private Guarded guard(Upstream upstream) {
    var breaker = CircuitBreaker.of(upstream.toString(), configuration);
    breaker
        .getEventPublisher()
        .onStateTransition(event -> LOG.warn("{}: {}", upstream, event.getStateTransition()));
    Gauge.builder(
            "assay.gateway.breaker.open",
            breaker,
            b -> b.getState() == CircuitBreaker.State.OPEN ? 1 : 0)
        .description("1 while an instance is left alone because it did not answer")
        .tag("instance", upstream.toString())
        .register(meters);
    return new Guarded(breaker, new AtomicLong(upstream.returns()));
  }
}
