package io.assay.policy.registerpolicy;

import io.assay.contracts.PolicyId;
import io.assay.contracts.Tag;
import org.jspecify.annotations.Nullable;

/**
 * A policy shall guard an environment.
 *
 * @param nameTag makes the name unique in the workspace
 */
public record RegisterPolicy(
    PolicyId policy, Tag nameTag, String name, String environment, @Nullable String description) {}
