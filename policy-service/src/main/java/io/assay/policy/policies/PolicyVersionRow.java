package io.assay.policy.policies;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A version of a policy.
 *
 * @param state draft, pending, active, superseded
 */
public record PolicyVersionRow(
    UUID id,
    UUID policy,
    String policyName,
    int number,
    String environment,
    String digest,
    String document,
    @Nullable String comment,
    String state,
    @Nullable UUID approvalRequest,
    @Nullable Instant activatedAt,
    Instant createdAt,
    String createdBy,
    long position) {}
