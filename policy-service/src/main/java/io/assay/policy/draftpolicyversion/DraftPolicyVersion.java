package io.assay.policy.draftpolicyversion;

import io.assay.contracts.PolicyId;
import io.assay.contracts.PolicyVersionId;

/** A document shall become the next version of a policy. */
public record DraftPolicyVersion(PolicyVersionId policyVersion, PolicyId policy, String document) {}
