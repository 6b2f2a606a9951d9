package io.assay.policy.decidepromotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.ApprovalEvent.ApprovalGiven;
import io.assay.contracts.ApprovalEvent.ApprovalRejected;
import io.assay.contracts.ApprovalEvent.ApprovalRequestApproved;
import io.assay.contracts.ApprovalEvent.ApprovalRequestExpired;
import io.assay.contracts.ApprovalEvent.ApprovalRequestStaled;
import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.ApprovalEvent.Subject;
import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.ConditionResult;
import io.assay.contracts.ConditionResult.Severity;
import io.assay.contracts.ConditionResult.Verdict;
import io.assay.contracts.DecisionId;
import io.assay.contracts.Event;
import io.assay.contracts.ModelId;
import io.assay.contracts.PolicyId;
import io.assay.contracts.PolicyVersionId;
import io.assay.contracts.PromotionEvent.Outcome;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.contracts.PromotionEvent.PromotionWithdrawn;
import io.assay.contracts.PromotionId;
import io.assay.contracts.Sha256;
import io.assay.contracts.VersionId;
import io.assay.eventlog.Criterion;
import io.assay.platform.testing.DeciderFixture;
import io.assay.policy.conditions.Evidence;
import io.assay.policy.conditions.Policies;
import io.assay.policy.conditions.Policy;
import io.assay.policy.evidence.Gate;
import io.assay.policy.evidence.VersionDossier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Under the first policy that ships: predictive parity, a recent evaluation, two approvals. */
class DecidePromotionTest {

  private static final PromotionId PROMOTION = new PromotionId(new UUID(0, 1));
  private static final VersionId VERSION = new VersionId(new UUID(0, 2));
  private static final ModelId MODEL = new ModelId(new UUID(0, 3));
  private static final DecisionId DECISION = new DecisionId(new UUID(0, 4));
  private static final ApprovalRequestId REQUEST = new ApprovalRequestId(new UUID(0, 5));
  private static final Sha256 CONTENT = Sha256.of(new byte[] {1});
  private static final Sha256 OTHER_CONTENT = Sha256.of(new byte[] {9});
  private static final Policy POLICY = Policy.of(Policies.shipped("production-v1"));
  private static final Criterion OF_VERSION = Criterion.of(VERSION.tag(), "ArtifactStored");

  @Test
  void whereOnlyApprovalsAreMissingOthersThanTheParticipantsAreAsked() {
    var when = requested().when(command(gate(), fair(), null));

    var decided = when.answer();
    assertThat(decided.outcome()).isEqualTo(Outcome.PENDING);
    assertThat(verdict(decided, "approvals")).isEqualTo(Verdict.MISSING);
    when.then(decided, asks());
  }

  @Test
  void theApprovalsThatThePolicyAsksForPermitIt() {
    var decided = approved().when(command(gate(), fair(), CONTENT)).answer();

    assertThat(decided.outcome()).isEqualTo(Outcome.PERMIT);
    assertThat(decided.conditions())
        .extracting(ConditionResult::verdict)
        .containsOnly(Verdict.PASS);
    assertThat(decided.policyDigest()).isEqualTo(POLICY.digest());
    assertThat(decided.contentDigest()).isEqualTo(CONTENT);
  }

  @Test
  void anAnswerSaysWhatItDependedOnAndUntilWhenItHolds() {
    var decided = approved().when(command(gate(), fair(), null)).answer();

    assertThat(decided.marker()).isEqualTo(7);
    assertThat(decided.criteria())
        .flatExtracting(criterion -> criterion.tags())
        .contains("gate:production", VERSION.tag().toString());
    assertThat(decided.validUntil()).isEqualTo(DeciderFixture.NOW.plus(Duration.ofHours(24)));
  }

  @Test
  void approvalsByWhoHasContributedSinceDoNotCount() {
    var decided =
        approved().when(command(gate(), dossier(fairly(), Set.of("officer")), null)).answer();

    assertThat(decided.outcome()).isEqualTo(Outcome.PENDING);
  }

  @Test
  void aConditionThatFailsRefusesWhoeverHasApproved() {
    var decided = approved().when(command(gate(), dossier(bias("3/50"), Set.of()), null)).answer();

    assertThat(decided.outcome()).isEqualTo(Outcome.REFUSE);
    assertThat(verdict(decided, "predictive-parity")).isEqualTo(Verdict.FAIL);
  }

  @Test
  void evidenceThatIsMissingNeverPasses() {
    var decided =
        approved().when(command(gate(), dossier(Policies.evidence(), Set.of()), null)).answer();

    assertThat(decided.outcome()).isEqualTo(Outcome.REFUSE);
    assertThat(verdict(decided, "predictive-parity")).isEqualTo(Verdict.MISSING);
  }

  @Test
  void anEnvironmentWithoutPolicyRefuses() {
    var decided = approved().when(command(new Gate("production", null, 7), fair(), null)).answer();

    assertThat(decided.outcome()).isEqualTo(Outcome.REFUSE);
    assertThat(decided.conditions())
        .extracting(ConditionResult::name)
        .containsExactly("policy-in-force");
    assertThat(decided.policyDigest()).isNull();
  }

  @Test
  void aRejectionRefuses() {
    var decided =
        requested()
            .given((Event) asks())
            .by("officer", "risk-officer")
            .given(new ApprovalRejected(REQUEST, Subject.PROMOTION, PROMOTION.value(), "no"))
            .when(command(gate(), fair(), null))
            .answer();

    assertThat(decided.outcome()).isEqualTo(Outcome.REFUSE);
    assertThat(verdict(decided, "approvals")).isEqualTo(Verdict.FAIL);
  }

  @Test
  void anExpiredRequestIsOpenedAnew() {
    var decided =
        requested()
            .given(
                asks(), new ApprovalRequestExpired(REQUEST, Subject.PROMOTION, PROMOTION.value()))
            .when(command(gate(), fair(), null));

    decided.then(decided.answer(), asks());
    assertThat(decided.answer().outcome()).isEqualTo(Outcome.PENDING);
  }

  @Test
  void contentThatHasChangedSinceTheRequestRefusesWhoeverHasApproved() {
    var decided = approved().when(command(gate(), changed(), CONTENT)).answer();

    assertThat(decided.outcome()).isEqualTo(Outcome.REFUSE);
    assertThat(decided.contentDigest()).isEqualTo(CONTENT);
    assertThat(decided.conditions())
        .singleElement()
        .satisfies(
            condition -> {
              assertThat(condition.name()).isEqualTo("content-unchanged");
              assertThat(condition.severity()).isEqualTo(Severity.BLOCKING);
              assertThat(condition.actual()).isEqualTo(OTHER_CONTENT.hex());
              assertThat(condition.required()).isEqualTo(CONTENT.hex());
              assertThat(condition.remedy()).startsWith("Request a promotion");
            });
  }

  @Test
  void changedContentMakesTheOpenRequestStale() {
    var when = requested().given((Event) asks()).when(command(gate(), changed(), null));

    when.then(
        new ApprovalRequestStaled(REQUEST, Subject.PROMOTION, PROMOTION.value()), when.answer());
  }

  @Test
  void otherContentThanWasRequestedIsNotDecided() {
    requested().when(command(gate(), fair(), OTHER_CONTENT)).thenRejected("wrong-state");
    requested().when(command(gate(), changed(), OTHER_CONTENT)).thenRejected("wrong-state");
  }

  @Test
  void aClosedPromotionIsNotDecided() {
    requested()
        .given(new PromotionWithdrawn(PROMOTION, VERSION, MODEL, null))
        .when(command(gate(), fair(), null))
        .thenRejected("wrong-state");
  }

  @Test
  void anUnknownPromotionIsNotFound() {
    DeciderFixture.of(new DecidePromotionDecider())
        .when(command(gate(), fair(), null))
        .thenRejected("not-found");
  }

  private static DeciderFixture<DecidePromotion, PromotionState, PromotionDecided> requested() {
    return DeciderFixture.of(new DecidePromotionDecider())
        .by("engineer", "ml-engineer")
        .given(new PromotionRequested(PROMOTION, VERSION, MODEL, "production", CONTENT, null));
  }

  private static DeciderFixture<DecidePromotion, PromotionState, PromotionDecided> approved() {
    return requested()
        .given((Event) asks())
        .by("validator", "model-validator")
        .given(given("model-validator"))
        .by("officer", "risk-officer")
        .given(
            given("risk-officer"),
            new ApprovalRequestApproved(REQUEST, Subject.PROMOTION, PROMOTION.value()))
        .by("engineer", "ml-engineer");
  }

  private static DecidePromotion command(
      Gate gate, VersionDossier dossier, @Nullable Sha256 content) {
    return new DecidePromotion(DECISION, REQUEST, PROMOTION, content, "default", dossier, gate);
  }

  private static ApprovalRequested asks() {
    return new ApprovalRequested(
        REQUEST,
        Subject.PROMOTION,
        PROMOTION.value(),
        CONTENT,
        POLICY.digest(),
        2,
        Map.of("risk-officer", 1),
        List.of("author", "engineer", "trainer"),
        DeciderFixture.NOW.plus(Duration.ofDays(30)),
        null);
  }

  private static ApprovalGiven given(String role) {
    return new ApprovalGiven(
        REQUEST,
        Subject.PROMOTION,
        PROMOTION.value(),
        CONTENT,
        POLICY.digest(),
        "approval",
        List.of(role),
        null);
  }

  private static Gate gate() {
    return new Gate(
        "production",
        new Gate.InForce(
            new PolicyVersionId(new UUID(0, 6)), new PolicyId(new UUID(0, 7)), "author", POLICY, 5),
        8);
  }

  private static VersionDossier fair() {
    return dossier(fairly(), Set.of("trainer"));
  }

  private static Evidence fairly() {
    return bias("1/50");
  }

  private static Evidence bias(String predictiveParity) {
    return Policies.evidence(
        new Evidence.BiasEvaluation(
            6,
            Policies.NOW.minus(Duration.ofDays(1)),
            "race",
            List.of(Policies.metric("predictive-parity-difference", predictiveParity))));
  }

  private static VersionDossier changed() {
    return dossier(fairly(), Set.of("trainer"), OTHER_CONTENT);
  }

  private static VersionDossier dossier(Evidence evidence, Set<String> contributors) {
    return dossier(evidence, contributors, CONTENT);
  }

  private static VersionDossier dossier(
      Evidence evidence, Set<String> contributors, Sha256 content) {
    return new VersionDossier(
        VERSION, MODEL, evidence, content, contributors, List.of(OF_VERSION), 7);
  }

  private static Verdict verdict(PromotionDecided decided, String condition) {
    return decided.conditions().stream()
        .filter(result -> result.name().equals(condition))
        .findFirst()
        .orElseThrow()
        .verdict();
  }
}
