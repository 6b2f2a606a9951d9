package io.assay.policy.reactions;

import io.assay.contracts.ApprovalEvent.ApprovalRejected;
import io.assay.contracts.ApprovalEvent.ApprovalRequestApproved;
import io.assay.contracts.ApprovalEvent.ApprovalRequestExpired;
import io.assay.contracts.ApprovalEvent.ApprovalRequestStaled;
import io.assay.contracts.ApprovalEvent.Subject;
import io.assay.contracts.PromotionId;
import io.assay.eventlog.RecordedEvent;
import io.assay.policy.decidepromotion.PromotionDecisions;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * When an approval request of a promotion is approved, rejected, stale or expired, the promotion is
 * decided again: no promotion waits for an answer that cannot come any more.
 *
 * <p>A decision is appended only if it has seen every approval event before it. So nothing is left
 * to do where one stands after the event, and repetition is harmless.
 */
@Singleton
final class WhenApprovalRequestClosesThenDecide extends Reaction {

  private final PromotionDecisions decisions;

  WhenApprovalRequestClosesThenDecide(PromotionDecisions decisions, Clock clock) {
    super(clock);
    this.decisions = decisions;
  }

  @Override
  public String name() {
    return "decide-when-request-closes";
  }

  @Override
  public Set<String> types() {
    return Set.of(
        "ApprovalRequestApproved",
        "ApprovalRejected",
        "ApprovalRequestStaled",
        "ApprovalRequestExpired");
  }

  @Override
  public String sequence(RecordedEvent event) {
    return promotion(event).map(id -> id.tag().toString()).orElse("event:" + event.id());
  }

  @Override
  public void on(RecordedEvent event) {
    promotion(event)
        .filter(id -> !decisions.decidedSince(event.metadata().workspace(), id, event.position()))
        .ifPresent(
            id ->
                attempt(
                    id.tag() + " is not decided again",
                    () -> decisions.decide(id, null, invocation(event))));
  }

  private static Optional<PromotionId> promotion(RecordedEvent event) {
    return switch (event.event()) {
      case ApprovalRequestApproved e -> promotion(e.subject(), e.subjectId());
      case ApprovalRejected e -> promotion(e.subject(), e.subjectId());
      case ApprovalRequestStaled e -> promotion(e.subject(), e.subjectId());
      case ApprovalRequestExpired e -> promotion(e.subject(), e.subjectId());
      default -> Optional.empty();
    };
  }

  private static Optional<PromotionId> promotion(Subject subject, UUID id) {
    return subject == Subject.PROMOTION ? Optional.of(new PromotionId(id)) : Optional.empty();
  }
}
