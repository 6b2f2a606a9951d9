package io.assay.policy.draftpolicyversion;

import io.assay.contracts.PolicyId;
import io.assay.contracts.PolicyVersionId;
import org.jspecify.annotations.Nullable;

/**
 * A document shall become the next version of a policy.
 *
 * @param comment why the policy shall change
 */
public record DraftPolicyVersion(
    PolicyVersionId policyVersion, PolicyId policy, String document, @Nullable String comment) {}
