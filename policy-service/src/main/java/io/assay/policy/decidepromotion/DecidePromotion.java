package io.assay.policy.decidepromotion;

import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.DecisionId;
import io.assay.contracts.PromotionId;
import io.assay.contracts.Sha256;
import io.assay.policy.evidence.Gate;
import io.assay.policy.evidence.VersionDossier;
import org.jspecify.annotations.Nullable;

/**
 * A promotion shall be decided on this evidence under the policy in force.
 *
 * @param approvalRequest the id that a request gets if one is opened
 * @param contentDigest that the asker means; null for the promotion's own
 */
public record DecidePromotion(
    DecisionId decision,
    ApprovalRequestId approvalRequest,
    PromotionId promotion,
    @Nullable Sha256 contentDigest,
    String workspace,
    VersionDossier dossier,
    Gate gate) {

  /** The lowest marker of what it rests on. */
  public long marker() {
    return Math.min(dossier.marker(), gate.marker());
  }
}
