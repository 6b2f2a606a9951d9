package io.assay.policy.staleapproval;

import io.assay.contracts.ApprovalEvent.ApprovalRequestApproved;
import io.assay.contracts.ApprovalEvent.ApprovalRequestStaled;
import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.ApprovalEvent.Subject;
import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.Sha256;
import io.assay.platform.testing.DeciderFixture;
import io.assay.policy.approval.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StaleApprovalTest {

  private static final ApprovalRequestId REQUEST = new ApprovalRequestId(new UUID(0, 1));
  private static final UUID PROMOTION = new UUID(0, 2);
  private static final Sha256 CONTENT = Sha256.of(new byte[] {1});
  private static final Sha256 POLICY = Sha256.of(new byte[] {2});
  private static final Sha256 OTHER = Sha256.of(new byte[] {3});
  private static final ApprovalRequestStaled STALED =
      new ApprovalRequestStaled(REQUEST, Subject.PROMOTION, PROMOTION);

  @Test
  void otherContentOrAnotherPolicyOrNoneMakesItStale() {
    asked().when(new StaleApproval(REQUEST, OTHER, POLICY)).then(STALED);
    asked().when(new StaleApproval(REQUEST, CONTENT, OTHER)).then(STALED);
    asked().when(new StaleApproval(REQUEST, CONTENT, null)).then(STALED);
  }

  @Test
  void whatIsAsItWasStaysOpen() {
    asked().when(new StaleApproval(REQUEST, CONTENT, POLICY)).thenNothing();
  }

  @Test
  void whatIsClosedStaysClosed() {
    asked()
        .given(new ApprovalRequestApproved(REQUEST, Subject.PROMOTION, PROMOTION))
        .when(new StaleApproval(REQUEST, OTHER, POLICY))
        .thenNothing();
    asked().given(STALED).when(new StaleApproval(REQUEST, OTHER, POLICY)).thenNothing();
  }

  private static DeciderFixture<StaleApproval, Optional<Request>, Boolean> asked() {
    return DeciderFixture.of(new StaleApprovalDecider())
        .given(
            new ApprovalRequested(
                REQUEST,
                Subject.PROMOTION,
                PROMOTION,
                CONTENT,
                POLICY,
                2,
                Map.of(),
                List.of(),
                DeciderFixture.NOW.plus(Duration.ofDays(30)),
                null));
  }
}
