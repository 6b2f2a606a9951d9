package io.assay.policy.approvalrequests;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An approval request.
 *
 * @param subjectKind promotion or policy-version
 * @param modelVersion that a promotion is about
 * @param state open, approved, rejected, expired, stale
 * @param answers in the order of the log
 */
public record ApprovalRequestRow(
    UUID id,
    String subjectKind,
    UUID subject,
    String label,
    String environment,
    @Nullable UUID modelVersion,
    String state,
    String contentDigest,
    String policyDigest,
    @Nullable UUID decision,
    int total,
    Map<String, Integer> byRole,
    Instant expiresAt,
    @Nullable String comment,
    Instant createdAt,
    String createdBy,
    long position,
    List<Answer> answers) {

  /** One person's yes or no. */
  public record Answer(
      UUID event,
      boolean yes,
      String actor,
      String actorKind,
      List<String> roles,
      @Nullable String meaning,
      @Nullable String comment,
      Instant answeredAt,
      long position) {}
}
