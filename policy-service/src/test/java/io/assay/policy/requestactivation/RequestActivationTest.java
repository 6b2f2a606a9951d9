package io.assay.policy.requestactivation;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.ApprovalEvent.ApprovalRejected;
import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.ApprovalEvent.Subject;
import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.PolicyEvent.PolicyVersionActivated;
import io.assay.contracts.PolicyEvent.PolicyVersionDrafted;
import io.assay.contracts.PolicyId;
import io.assay.contracts.PolicyVersionId;
import io.assay.contracts.Sha256;
import io.assay.platform.testing.DeciderFixture;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RequestActivationTest {

  private static final ApprovalRequestId REQUEST = new ApprovalRequestId(new UUID(0, 1));
  private static final PolicyId POLICY = new PolicyId(new UUID(0, 2));
  private static final PolicyVersionId VERSION = new PolicyVersionId(new UUID(0, 3));
  private static final Sha256 DIGEST = Sha256.of(new byte[] {1});
  private static final RequestActivation COMMAND = new RequestActivation(REQUEST, VERSION, "why");

  @Test
  void twoOthersThanTheAuthorAndTheAskerAreAsked() {
    drafted().by("asker", "compliance-officer").when(COMMAND).then(asked("asker", "author"));
  }

  @Test
  void askingAgainWhileItIsOpenAnswersTheOpenRequest() {
    var other = new RequestActivation(new ApprovalRequestId(new UUID(0, 9)), VERSION, null);
    var when = drafted().given(asked("author")).when(other).thenNothing();
    assertThat(when.answer()).isEqualTo(REQUEST);
  }

  @Test
  void afterANoItCanBeAskedAgain() {
    drafted()
        .given(
            asked("author"),
            new ApprovalRejected(REQUEST, Subject.POLICY_VERSION, VERSION.value(), "too strict"))
        .when(COMMAND)
        .then(asked("author"));
  }

  @Test
  void whatIsInForceIsNotActivatedTwice() {
    drafted()
        .given(new PolicyVersionActivated(VERSION, POLICY, "production", DIGEST))
        .when(COMMAND)
        .thenRejected("wrong-state");
  }

  @Test
  void anUnknownVersionIsNotFound() {
    DeciderFixture.of(new RequestActivationDecider()).when(COMMAND).thenRejected("not-found");
  }

  private static DeciderFixture<RequestActivation, ?, ApprovalRequestId> drafted() {
    return DeciderFixture.of(new RequestActivationDecider())
        .by("author", "compliance-officer")
        .given(
            new PolicyVersionDrafted(
                VERSION, POLICY, "production", "conditions: []", DIGEST, null));
  }

  private static ApprovalRequested asked(String... excluded) {
    return new ApprovalRequested(
        REQUEST,
        Subject.POLICY_VERSION,
        VERSION.value(),
        DIGEST,
        DIGEST,
        2,
        Map.of(),
        List.of(excluded),
        DeciderFixture.NOW.plus(RequestActivationDecider.OPEN_FOR),
        "why");
  }
}
