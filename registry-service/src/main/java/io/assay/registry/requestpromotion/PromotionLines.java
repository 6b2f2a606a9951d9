package io.assay.registry.requestpromotion;

import io.assay.contracts.PolicyEvent.PolicyVersionActivated;
import io.assay.contracts.PromotionEvent.ModelVersionPromoted;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionEvent.PromotionExpired;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.contracts.PromotionEvent.PromotionRevoked;
import io.assay.contracts.PromotionEvent.PromotionWithdrawn;
import io.assay.contracts.PromotionId;
import io.assay.contracts.Sha256;
import io.assay.eventlog.RecordedEvent;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The newest promotion of one version by environment, and when each gate was last moved.
 *
 * @param byEnvironment the newest promotion to each environment
 * @param gates position of the newest activation of a policy by environment
 */
record PromotionLines(Map<String, Line> byEnvironment, Map<String, Long> gates) {

  static final PromotionLines NONE = new PromotionLines(Map.of(), Map.of());

  enum Phase {
    REQUESTED,
    PENDING,
    /** Decided, and about to be completed. */
    PERMIT_DECIDED,
    PERMITTED,
    CLOSED
  }

  /** One promotion; {@code at} is the position of what made its phase. */
  record Line(
      PromotionId promotion, Phase phase, Sha256 contentDigest, Instant requestedAt, long at) {

    boolean open() {
      return switch (phase) {
        case REQUESTED, PENDING, PERMIT_DECIDED -> true;
        case PERMITTED, CLOSED -> false;
      };
    }
  }

  @Nullable Line line(String environment) {
    return byEnvironment.get(environment);
  }

  /** Whether the policy of the environment has changed since that position. */
  boolean gateMovedSince(String environment, long position) {
    return gates.getOrDefault(environment, -1L) > position;
  }

  PromotionLines evolve(RecordedEvent event) {
    return switch (event.event()) {
      case PromotionRequested e ->
          with(
              e.environment(),
              new Line(
                  e.promotion(),
                  Phase.REQUESTED,
                  e.contentDigest(),
                  event.recordedAt(),
                  event.position()));
      case PromotionDecided e ->
          moved(
              e.promotion(),
              switch (e.outcome()) {
                case PERMIT -> Phase.PERMIT_DECIDED;
                case PENDING -> Phase.PENDING;
                case REFUSE -> Phase.CLOSED;
              },
              event);
      case ModelVersionPromoted e -> moved(e.promotion(), Phase.PERMITTED, event);
      case PromotionWithdrawn e -> moved(e.promotion(), Phase.CLOSED, event);
      case PromotionExpired e -> moved(e.promotion(), Phase.CLOSED, event);
      case PromotionRevoked e -> moved(e.promotion(), Phase.CLOSED, event);
      case PolicyVersionActivated e -> {
        var moved = new HashMap<>(gates);
        moved.put(e.environment(), event.position());
        yield new PromotionLines(byEnvironment, Map.copyOf(moved));
      }
      default -> this;
    };
  }

  private PromotionLines moved(PromotionId promotion, Phase phase, RecordedEvent event) {
    for (var entry : byEnvironment.entrySet()) {
      var line = entry.getValue();
      boolean decidedTooLate = event.event() instanceof PromotionDecided && !line.open();
      if (line.promotion().equals(promotion) && !decidedTooLate) {
        return with(
            entry.getKey(),
            new Line(promotion, phase, line.contentDigest(), line.requestedAt(), event.position()));
      }
    }
    return this;
  }

  private PromotionLines with(String environment, Line line) {
    var more = new HashMap<>(byEnvironment);
    more.put(environment, line);
    return new PromotionLines(Map.copyOf(more), gates);
  }
}
