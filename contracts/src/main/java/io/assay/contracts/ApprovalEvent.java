package io.assay.contracts;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tasks that promotions and policy activations open for people, and what the people say. */
public sealed interface ApprovalEvent extends Event {

  /** What is approved. */
  enum Subject {
    PROMOTION,
    POLICY_VERSION;

    Tag tag(UUID id) {
      return switch (this) {
        case PROMOTION -> new PromotionId(id).tag();
        case POLICY_VERSION -> new PolicyVersionId(id).tag();
      };
    }
  }

  /**
   * A yes is needed from so many people, none of them among the excluded.
   *
   * @param comment why it is asked for; since version 2
   */
  @EventType(name = "ApprovalRequested", version = 2, writer = Writer.POLICY)
  record ApprovalRequested(
      ApprovalRequestId approvalRequest,
      Subject subject,
      UUID subjectId,
      Sha256 contentDigest,
      Sha256 policyDigest,
      int total,
      Map<String, Integer> byRole,
      List<String> excluded,
      Instant expiresAt,
      @Erasable @Nullable String comment)
      implements ApprovalEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(approvalRequest.tag(), subject.tag(subjectId));
    }
  }

  /** One person's yes, with its meaning, to exactly this content under exactly this policy. */
  @EventType(name = "ApprovalGiven", writer = Writer.POLICY)
  record ApprovalGiven(
      ApprovalRequestId approvalRequest,
      Subject subject,
      UUID subjectId,
      Sha256 contentDigest,
      Sha256 policyDigest,
      String meaning,
      List<String> roles,
      @Erasable @Nullable String comment)
      implements ApprovalEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(approvalRequest.tag(), subject.tag(subjectId));
    }
  }

  /** One person's no, which closes the request. */
  @EventType(name = "ApprovalRejected", writer = Writer.POLICY)
  record ApprovalRejected(
      ApprovalRequestId approvalRequest,
      Subject subject,
      UUID subjectId,
      @Erasable @Nullable String reason)
      implements ApprovalEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(approvalRequest.tag(), subject.tag(subjectId));
    }
  }

  /** All the approvals that were needed are given. */
  @EventType(name = "ApprovalRequestApproved", writer = Writer.POLICY)
  record ApprovalRequestApproved(ApprovalRequestId approvalRequest, Subject subject, UUID subjectId)
      implements ApprovalEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(approvalRequest.tag(), subject.tag(subjectId));
    }
  }

  /** Nobody completed it in time. */
  @EventType(name = "ApprovalRequestExpired", writer = Writer.POLICY)
  record ApprovalRequestExpired(ApprovalRequestId approvalRequest, Subject subject, UUID subjectId)
      implements ApprovalEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(approvalRequest.tag(), subject.tag(subjectId));
    }
  }

  /** The content or the policy has changed since. */
  @EventType(name = "ApprovalRequestStaled", writer = Writer.POLICY)
  record ApprovalRequestStaled(ApprovalRequestId approvalRequest, Subject subject, UUID subjectId)
      implements ApprovalEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(approvalRequest.tag(), subject.tag(subjectId));
    }
  }
}
