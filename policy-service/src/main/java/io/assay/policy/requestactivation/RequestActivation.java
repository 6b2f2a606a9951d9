package io.assay.policy.requestactivation;

import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.PolicyVersionId;

/**
 * A version of a policy shall be put in force.
 *
 * @param approvalRequest the id that the request gets if it is opened
 */
public record RequestActivation(ApprovalRequestId approvalRequest, PolicyVersionId policyVersion) {}
