package io.assay.policy.apikeys;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A key in the view. */
public record ApiKeyRow(
    UUID id,
    String workspace,
    @Nullable String name,
    String issuer,
    List<String> scopes,
    boolean readOnly,
    Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable Instant revokedAt,
    @Nullable String revokedBy,
    @Nullable String revocationReason,
    Instant createdAt,
    String createdBy,
    long position) {

  public ApiKeyRow {
    scopes = List.copyOf(scopes);
  }
}
