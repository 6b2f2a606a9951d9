package io.assay.policy.policies;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A policy.
 *
 * @param active number of its version in force
 * @param latest number of its newest version
 */
public record PolicyRow(
    UUID id,
    String name,
    String environment,
    @Nullable String description,
    @Nullable Integer active,
    @Nullable Integer latest,
    Instant createdAt,
    String createdBy,
    long position) {}
