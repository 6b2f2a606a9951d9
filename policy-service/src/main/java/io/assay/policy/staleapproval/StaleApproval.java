package io.assay.policy.staleapproval;

import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * What an approval request is about may have changed.
 *
 * @param contentDigest as it is now
 * @param policyDigest in force now
 */
public record StaleApproval(
    ApprovalRequestId approvalRequest, Sha256 contentDigest, @Nullable Sha256 policyDigest) {}
