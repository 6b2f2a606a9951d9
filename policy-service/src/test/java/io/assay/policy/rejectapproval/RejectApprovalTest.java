package io.assay.policy.rejectapproval;

import io.assay.contracts.ApprovalEvent.ApprovalRejected;
import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.ApprovalEvent.Subject;
import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.GovernanceEvent.AccessRefused;
import io.assay.contracts.Sha256;
import io.assay.platform.testing.DeciderFixture;
import io.assay.policy.approval.Eligibility;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RejectApprovalTest {

  private static final ApprovalRequestId REQUEST = new ApprovalRequestId(new UUID(0, 1));
  private static final UUID PROMOTION = new UUID(0, 2);
  private static final Sha256 CONTENT = Sha256.of(new byte[] {1});
  private static final Sha256 POLICY = Sha256.of(new byte[] {2});
  private static final RejectApproval COMMAND =
      new RejectApproval(
          REQUEST,
          CONTENT,
          POLICY,
          "not on this data",
          new Eligibility.Now(CONTENT, POLICY, Set.of(), List.of(), 0));
  private static final ApprovalRejected REJECTED =
      new ApprovalRejected(REQUEST, Subject.PROMOTION, PROMOTION, "not on this data");

  @Test
  void oneNoClosesTheRequest() {
    asked().by("officer", "risk-officer").when(COMMAND).then(REJECTED);
    asked()
        .given(REJECTED)
        .by("validator", "model-validator")
        .when(COMMAND)
        .thenRejected("wrong-state");
  }

  @Test
  void whoMayNotSayYesMayNotSayNo() {
    asked()
        .by("engineer", "risk-officer")
        .when(COMMAND)
        .thenRejectedRemembering(
            "separation-of-duties",
            List.of(
                new AccessRefused(
                    "engineer",
                    "separation-of-duties",
                    RejectApprovalDecider.ROUTE,
                    REQUEST.tag().toString())));
  }

  private static DeciderFixture<RejectApproval, Eligibility.State, ApprovalRequestId> asked() {
    return DeciderFixture.of(new RejectApprovalDecider())
        .given(
            new ApprovalRequested(
                REQUEST,
                Subject.PROMOTION,
                PROMOTION,
                CONTENT,
                POLICY,
                2,
                Map.of(),
                List.of("engineer"),
                DeciderFixture.NOW.plus(Duration.ofDays(30)),
                null));
  }
}
