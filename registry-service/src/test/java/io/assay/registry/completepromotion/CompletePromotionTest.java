package io.assay.registry.completepromotion;

import static io.assay.registry.testing.Examples.ARTIFACT_STORED;
import static io.assay.registry.testing.Examples.CONTENT;
import static io.assay.registry.testing.Examples.DATASET_VERSION;
import static io.assay.registry.testing.Examples.DECISION;
import static io.assay.registry.testing.Examples.DIGEST;
import static io.assay.registry.testing.Examples.EVALUATED;
import static io.assay.registry.testing.Examples.MODEL;
import static io.assay.registry.testing.Examples.MODEL_ARCHIVED;
import static io.assay.registry.testing.Examples.NOW;
import static io.assay.registry.testing.Examples.OTHER_VERSION_REGISTERED;
import static io.assay.registry.testing.Examples.PROMOTED;
import static io.assay.registry.testing.Examples.QUARANTINED;
import static io.assay.registry.testing.Examples.REQUESTED;
import static io.assay.registry.testing.Examples.VERSION;
import static io.assay.registry.testing.Examples.VERSION_REGISTERED;
import static io.assay.registry.testing.Examples.WITHDRAWN;
import static io.assay.registry.testing.Examples.activated;
import static io.assay.registry.testing.Examples.decided;

import io.assay.contracts.EvaluationId;
import io.assay.contracts.PromotionEvent;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionId;
import io.assay.contracts.VersionEvent.ModelVersionEvaluated;
import io.assay.platform.messaging.Fact;
import io.assay.platform.testing.DeciderFixture;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CompletePromotionTest {

  /** The marker of a decision that was made over the four events before it. */
  private static final long MARKER = 4;

  private final PromotionDecided permit = decided(PromotionEvent.Outcome.PERMIT, MARKER);

  @Test
  void aPermitPromotesExactlyItsContentAndIsConsumed() {
    open(permit).when(complete(permit)).then(Fact.of(PROMOTED).allowedBy(DECISION));
  }

  @Test
  void completingAgainChangesNothing() {
    open(permit).given(PROMOTED).when(complete(permit)).thenNothing();
  }

  @Test
  void aDecisionThatIsNotInTheLogPermitsNothing() {
    open().when(complete(permit)).thenRejected("policy-refused");
  }

  @Test
  void aDecisionThatOnlyLooksLikeTheOneInTheLogPermitsNothing() {
    var pending = decided(PromotionEvent.Outcome.PENDING, MARKER);
    open(pending).when(complete(permit)).thenRejected("policy-refused");
  }

  @Test
  void pendingAndRefusalPermitNothing() {
    for (var outcome : List.of(PromotionEvent.Outcome.PENDING, PromotionEvent.Outcome.REFUSE)) {
      var decision = decided(outcome, MARKER);
      open(decision).when(complete(decision)).thenRejected("policy-refused");
    }
  }

  @Test
  void anExpiredDecisionIsAskedForAnew() {
    open(permit).at(permit.validUntil()).when(complete(permit)).thenRejected("lost-race");
  }

  @Test
  void evidenceAddedSinceTheRequestIsAnotherContentWhichPolicyIsAskedAbout() {
    var more =
        new ModelVersionEvaluated(
            new EvaluationId(new UUID(0, 99)),
            VERSION,
            MODEL,
            DATASET_VERSION,
            null,
            null,
            Map.of(),
            NOW,
            DIGEST);
    open(permit).given(more).when(complete(permit)).thenRejected("lost-race");
  }

  @Test
  void aWithdrawnPromotionIsNotCompleted() {
    open(permit).given(WITHDRAWN).when(complete(permit)).thenRejected("wrong-state");
  }

  @Test
  void aQuarantinedVersionIsNotPromoted() {
    open(permit).given(QUARANTINED).when(complete(permit)).thenRejected("wrong-state");
  }

  @Test
  void theDecisionsOwnCriteriaGuardTheAppend() {
    open(permit).when(complete(permit)).conflictsWith(activated());
  }

  @Test
  void everythingThatTheRuleReadsConflicts() {
    open(permit)
        .when(complete(permit))
        .conflictsWith(PROMOTED)
        .conflictsWith(WITHDRAWN)
        .conflictsWith(EVALUATED)
        .conflictsWith(MODEL_ARCHIVED)
        .standsBeside(OTHER_VERSION_REGISTERED);
  }

  private static DeciderFixture<CompletePromotion, ?, PromotionId> open(
      PromotionDecided... decisions) {
    return DeciderFixture.of(new CompletePromotionDecider())
        .given(VERSION_REGISTERED, ARTIFACT_STORED, EVALUATED, REQUESTED)
        .given(decisions);
  }

  private static CompletePromotion complete(PromotionDecided decision) {
    return new CompletePromotion("default", decision, CONTENT);
  }
}
