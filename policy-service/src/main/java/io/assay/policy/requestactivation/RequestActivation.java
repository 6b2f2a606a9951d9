package io.assay.policy.requestactivation;

import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.PolicyVersionId;
import org.jspecify.annotations.Nullable;

/**
 * A version of a policy shall be put in force.
 *
 * @param approvalRequest the id that the request gets if it is opened
 * @param comment why it should be in force
 */
public record RequestActivation(
    ApprovalRequestId approvalRequest, PolicyVersionId policyVersion, @Nullable String comment) {}
