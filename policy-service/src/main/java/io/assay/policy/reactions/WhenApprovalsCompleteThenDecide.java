package io.assay.policy.reactions;

import io.assay.contracts.ApprovalEvent.ApprovalRequestApproved;
import io.assay.contracts.ApprovalEvent.Subject;
import io.assay.contracts.PromotionId;
import io.assay.eventlog.RecordedEvent;
import io.assay.policy.decidepromotion.PromotionDecisions;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Set;

/** When the last approval of a promotion is given, the promotion is decided again. */
@Singleton
final class WhenApprovalsCompleteThenDecide extends Reaction {

  private final PromotionDecisions decisions;

  WhenApprovalsCompleteThenDecide(PromotionDecisions decisions, Clock clock) {
    super(clock);
    this.decisions = decisions;
  }

  @Override
  public String name() {
    return "decide-when-approved";
  }

  @Override
  public Set<String> types() {
    return Set.of("ApprovalRequestApproved");
  }

  @Override
  public String sequence(RecordedEvent event) {
    return approved(event).subject() + ":" + approved(event).subjectId();
  }

  @Override
  public void on(RecordedEvent event) {
    var approved = approved(event);
    if (approved.subject() == Subject.PROMOTION) {
      var promotion = new PromotionId(approved.subjectId());
      attempt(
          promotion.tag() + " is not decided again",
          () -> decisions.decide(promotion, null, invocation(event)));
    }
  }

  private static ApprovalRequestApproved approved(RecordedEvent event) {
    return (ApprovalRequestApproved) event.event();
  }
}
