package io.assay.policy.giveapproval;

import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.PolicyId;
import io.assay.contracts.PolicyVersionId;
import io.assay.contracts.Sha256;
import io.assay.policy.approval.Eligibility;
import org.jspecify.annotations.Nullable;

/**
 * The actor says yes to exactly this content under exactly this policy.
 *
 * @param meaning of the signature: review, approval, responsibility
 * @param now what the request is about, as it is now
 * @param activates the policy version that the last yes puts in force; null for a promotion
 */
public record GiveApproval(
    ApprovalRequestId approvalRequest,
    Sha256 contentDigest,
    Sha256 policyDigest,
    String meaning,
    @Nullable String comment,
    String workspace,
    Eligibility.Now now,
    @Nullable Activation activates) {

  /** A policy version and the environment that it guards. */
  public record Activation(
      PolicyVersionId policyVersion, PolicyId policy, String environment, Sha256 digest) {}

  /** How many events a yes has become; the yes itself is the first. */
  public record Given(int events, boolean last) {}
}
