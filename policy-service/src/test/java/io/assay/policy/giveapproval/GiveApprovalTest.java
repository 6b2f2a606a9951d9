package io.assay.policy.giveapproval;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.ApprovalEvent.ApprovalGiven;
import io.assay.contracts.ApprovalEvent.ApprovalRejected;
import io.assay.contracts.ApprovalEvent.ApprovalRequestApproved;
import io.assay.contracts.ApprovalEvent.ApprovalRequestExpired;
import io.assay.contracts.ApprovalEvent.ApprovalRequestStaled;
import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.ApprovalEvent.Subject;
import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.GovernanceEvent.AccessRefused;
import io.assay.contracts.PolicyEvent.PolicyVersionActivated;
import io.assay.contracts.PolicyId;
import io.assay.contracts.PolicyVersionId;
import io.assay.contracts.Sha256;
import io.assay.eventlog.Actor;
import io.assay.platform.testing.DeciderFixture;
import io.assay.policy.approval.Eligibility;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Two approvals are needed, one of them by a risk officer; the engineer is excluded. */
class GiveApprovalTest {

  private static final ApprovalRequestId REQUEST = new ApprovalRequestId(new UUID(0, 1));
  private static final UUID PROMOTION = new UUID(0, 2);
  private static final Sha256 CONTENT = Sha256.of(new byte[] {1});
  private static final Sha256 POLICY = Sha256.of(new byte[] {2});
  private static final Sha256 OTHER = Sha256.of(new byte[] {3});

  @Test
  void anIndependentPersonSaysYesWithTheRolesThatCount() {
    asked()
        .by("validator", "model-validator", "ml-engineer")
        .when(yes())
        .then(given("model-validator"));
  }

  @Test
  void theLastYesThatIsNeededClosesTheRequest() {
    asked()
        .by("validator", "model-validator")
        .given(given("model-validator"))
        .by("officer", "risk-officer")
        .when(yes())
        .then(
            given("risk-officer"),
            new ApprovalRequestApproved(REQUEST, Subject.PROMOTION, PROMOTION));
  }

  @Test
  void twoYesesWithoutTheRoleThatIsAskedForAreNotEnough() {
    asked()
        .by("validator", "model-validator")
        .given(given("model-validator"))
        .by("another-validator", "model-validator")
        .when(yes())
        .then(given("model-validator"));
  }

  @Test
  void nobodySaysYesTwice() {
    asked()
        .by("officer", "risk-officer")
        .given(given("risk-officer"))
        .when(yes())
        .thenRejected("wrong-state");
  }

  @Test
  void whoDevelopedItIsRefusedWhateverHeHoldsAndTheLogRemembers() {
    var rejection =
        asked()
            .by("engineer", "ml-engineer", "risk-officer")
            .when(yes())
            .thenRejectedRemembering(
                "separation-of-duties",
                List.of(
                    new AccessRefused(
                        "engineer",
                        "separation-of-duties",
                        GiveApprovalDecider.ROUTE,
                        REQUEST.tag().toString())));
    assertThat(rejection.status()).isEqualTo(403);
  }

  @Test
  void whoHasBecomeAContributorSinceIsRefusedToo() {
    var now = new Eligibility.Now(CONTENT, POLICY, Set.of("officer"), List.of(), 0);
    asked()
        .by("officer", "risk-officer")
        .when(yes(CONTENT, POLICY, now, null))
        .thenRejectedRemembering(
            "separation-of-duties",
            List.of(
                new AccessRefused(
                    "officer",
                    "separation-of-duties",
                    GiveApprovalDecider.ROUTE,
                    REQUEST.tag().toString())));
  }

  @Test
  void withoutTheRoleItIsNoAndTheLogRemembers() {
    asked()
        .by("outsider", "ml-engineer")
        .when(yes())
        .thenRejectedRemembering("role-missing", List.of(refused("outsider")));
  }

  @Test
  void aServiceApprovesNothingWhateverItHolds() {
    asked()
        .by(new Actor("robot", Actor.Kind.SERVICE), "risk-officer")
        .when(yes())
        .thenRejectedRemembering("role-missing", List.of(refused("robot")));
  }

  @Test
  void otherDigestsThanThoseOfTheRequestAreRefused() {
    asked()
        .by("officer", "risk-officer")
        .when(yes(OTHER, POLICY, unchanged(), null))
        .thenRejected("wrong-state");
    asked()
        .by("officer", "risk-officer")
        .when(yes(CONTENT, OTHER, unchanged(), null))
        .thenRejected("wrong-state");
  }

  @Test
  void aYesToWhatHasChangedMakesTheRequestStale() {
    var changed = new Eligibility.Now(OTHER, POLICY, Set.of(), List.of(), 0);
    asked()
        .by("officer", "risk-officer")
        .when(yes(CONTENT, POLICY, changed, null))
        .thenRejectedRemembering(
            "wrong-state",
            List.of(new ApprovalRequestStaled(REQUEST, Subject.PROMOTION, PROMOTION)));
  }

  @Test
  void anExpiredRequestIsClosedByTheFirstWhoComesLate() {
    asked()
        .by("officer", "risk-officer")
        .at(DeciderFixture.NOW.plus(Duration.ofDays(30)))
        .when(yes())
        .thenRejectedRemembering(
            "wrong-state",
            List.of(new ApprovalRequestExpired(REQUEST, Subject.PROMOTION, PROMOTION)));
  }

  @Test
  void aClosedRequestTakesNoMore() {
    asked()
        .given(new ApprovalRejected(REQUEST, Subject.PROMOTION, PROMOTION, "no"))
        .by("officer", "risk-officer")
        .when(yes())
        .thenRejected("wrong-state");
  }

  @Test
  void theLastYesToAPolicyVersionPutsItInForceAtOnce() {
    var policy = new PolicyId(new UUID(0, 3));
    var version = new PolicyVersionId(new UUID(0, 4));
    var activation = new GiveApproval.Activation(version, policy, "production", POLICY);
    var now = new Eligibility.Now(POLICY, POLICY, Set.of(), List.of(), 0);
    fixture()
        .given(
            new ApprovalRequested(
                REQUEST,
                Subject.POLICY_VERSION,
                version.value(),
                POLICY,
                POLICY,
                1,
                Map.of(),
                List.of("author"),
                DeciderFixture.NOW.plus(Duration.ofDays(1)),
                null))
        .by("another-officer", "compliance-officer")
        .when(yes(POLICY, POLICY, now, activation))
        .then(
            new ApprovalGiven(
                REQUEST,
                Subject.POLICY_VERSION,
                version.value(),
                POLICY,
                POLICY,
                "approval",
                List.of("compliance-officer"),
                null),
            new ApprovalRequestApproved(REQUEST, Subject.POLICY_VERSION, version.value()),
            new PolicyVersionActivated(version, policy, "production", POLICY));
  }

  @Test
  void anUnknownRequestIsNotFound() {
    fixture().by("officer", "risk-officer").when(yes()).thenRejected("not-found");
  }

  private static DeciderFixture<GiveApproval, Eligibility.State, GiveApproval.Given> asked() {
    return fixture()
        .by("engineer", "ml-engineer")
        .given(
            new ApprovalRequested(
                REQUEST,
                Subject.PROMOTION,
                PROMOTION,
                CONTENT,
                POLICY,
                2,
                Map.of("risk-officer", 1),
                List.of("engineer"),
                DeciderFixture.NOW.plus(Duration.ofDays(30)),
                null));
  }

  private static DeciderFixture<GiveApproval, Eligibility.State, GiveApproval.Given> fixture() {
    return DeciderFixture.of(new GiveApprovalDecider());
  }

  private static GiveApproval yes() {
    return yes(CONTENT, POLICY, unchanged(), null);
  }

  private static GiveApproval yes(
      Sha256 content,
      Sha256 policy,
      Eligibility.Now now,
      GiveApproval.@Nullable Activation activation) {
    return new GiveApproval(REQUEST, content, policy, "approval", null, "default", now, activation);
  }

  private static Eligibility.Now unchanged() {
    return new Eligibility.Now(CONTENT, POLICY, Set.of(), List.of(), 0);
  }

  private static AccessRefused refused(String actor) {
    return new AccessRefused(
        actor, "role-missing", GiveApprovalDecider.ROUTE, REQUEST.tag().toString());
  }

  private static ApprovalGiven given(String role) {
    return new ApprovalGiven(
        REQUEST, Subject.PROMOTION, PROMOTION, CONTENT, POLICY, "approval", List.of(role), null);
  }
}
