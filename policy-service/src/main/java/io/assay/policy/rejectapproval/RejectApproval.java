package io.assay.policy.rejectapproval;

import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.Sha256;
import io.assay.policy.approval.Eligibility;

/**
 * The actor says no, which closes the request.
 *
 * @param now what the request is about, as it is now
 */
public record RejectApproval(
    ApprovalRequestId approvalRequest,
    Sha256 contentDigest,
    Sha256 policyDigest,
    String reason,
    Eligibility.Now now) {}
