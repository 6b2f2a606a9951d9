package io.assay.registry.withdrawpromotion;

import static io.assay.registry.testing.Examples.PROMOTED;
import static io.assay.registry.testing.Examples.PROMOTION;
import static io.assay.registry.testing.Examples.REQUESTED;
import static io.assay.registry.testing.Examples.WITHDRAWN;
import static io.assay.registry.testing.Examples.decided;

import io.assay.contracts.GovernanceEvent.AccessRefused;
import io.assay.contracts.PromotionEvent;
import io.assay.contracts.PromotionId;
import io.assay.platform.testing.DeciderFixture;
import java.util.List;
import org.junit.jupiter.api.Test;

class WithdrawPromotionTest {

  private final WithdrawPromotion command = new WithdrawPromotion(PROMOTION, "not now");

  @Test
  void whoAskedWithdraws() {
    requested().when(command).then(WITHDRAWN);
  }

  @Test
  void aRiskOfficerWithdrawsWhatAnotherAskedFor() {
    requested().by("somebody-else", "risk-officer").when(command).then(WITHDRAWN);
  }

  @Test
  void anotherEngineerDoesNotAndTheLogRemembers() {
    requested()
        .by("somebody-else", "ml-engineer")
        .when(command)
        .thenRejectedRemembering(
            "role-missing",
            List.of(
                new AccessRefused(
                    "somebody-else",
                    "withdraw only one's own promotion",
                    "withdrawPromotion",
                    PROMOTION.tag().toString())));
  }

  @Test
  void withdrawingAgainChangesNothing() {
    requested().given(WITHDRAWN).when(command).thenNothing();
  }

  @Test
  void aPendingOneIsWithdrawnAndADecidedOneIsNot() {
    requested().given(decided(PromotionEvent.Outcome.PENDING, 1)).when(command).then(WITHDRAWN);
    requested()
        .given(decided(PromotionEvent.Outcome.REFUSE, 1))
        .when(command)
        .thenRejected("wrong-state");
    requested().given(PROMOTED).when(command).thenRejected("wrong-state");
  }

  @Test
  void anUnknownPromotionIsNotFound() {
    DeciderFixture.of(new WithdrawPromotionDecider()).when(command).thenRejected("not-found");
  }

  private static DeciderFixture<WithdrawPromotion, ?, PromotionId> requested() {
    return DeciderFixture.of(new WithdrawPromotionDecider())
        .by("engineer", "ml-engineer")
        .given(REQUESTED);
  }
}
