package io.assay.policy.edge;

import io.assay.contracts.ConditionResult;
import io.assay.contracts.PolicyEvent.PolicyRegistered;
import io.assay.contracts.PromotionEvent.Outcome;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.ActorDirectory;
import io.assay.policy.api.model.Actor;
import io.assay.policy.api.model.ActorKind;
import io.assay.policy.api.model.Approval;
import io.assay.policy.api.model.ApprovalMeaning;
import io.assay.policy.api.model.ApprovalRequest;
import io.assay.policy.api.model.ApprovalRequestState;
import io.assay.policy.api.model.ApprovalSubjectKind;
import io.assay.policy.api.model.Condition;
import io.assay.policy.api.model.ConditionOutcome;
import io.assay.policy.api.model.ConditionSeverity;
import io.assay.policy.api.model.Criterion;
import io.assay.policy.api.model.Decision;
import io.assay.policy.api.model.DecisionOutcome;
import io.assay.policy.api.model.Policy;
import io.assay.policy.api.model.PolicyVersion;
import io.assay.policy.api.model.PolicyVersionRef;
import io.assay.policy.api.model.PolicyVersionState;
import io.assay.policy.api.model.Rejection;
import io.assay.policy.api.model.RequiredRole;
import io.assay.policy.api.model.ResourceLink;
import io.assay.policy.approvalrequests.ApprovalRequestRow;
import io.assay.policy.policies.PolicyRow;
import io.assay.policy.policies.PolicyVersionRow;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Says in the words of the wire what the service knows. */
@Singleton
class Wire {

  private static final int MAX_ACTUAL = 500;
  private static final int MAX_REMEDY = 2_000;

  private final ActorDirectory directory;

  Wire(ActorDirectory directory) {
    this.directory = directory;
  }

  static Policy policy(PolicyRow row) {
    return new Policy(
            row.id(),
            row.name(),
            row.environment(),
            utc(row.createdAt()),
            row.createdBy(),
            row.position())
        .description(row.description())
        .activeVersion(row.active())
        .latestVersion(row.latest());
  }

  /** The name of a policy; its id where the name was erased. */
  static String name(PolicyRegistered registered) {
    return registered.name() == null ? registered.policy().value().toString() : registered.name();
  }

  static PolicyVersion version(PolicyVersionRow row) {
    var version =
        new PolicyVersion(
            row.id(),
            row.policy(),
            row.policyName(),
            row.number(),
            row.digest(),
            PolicyVersionState.fromValue(row.state()),
            row.environment(),
            row.document(),
            utc(row.createdAt()),
            row.createdBy(),
            row.position());
    version.comment(row.comment());
    if (row.approvalRequest() != null) {
      version.approvalRequest(link(row.approvalRequest()));
    }
    return row.activatedAt() == null ? version : version.activatedAt(utc(row.activatedAt()));
  }

  static PolicyVersionRef reference(PolicyVersionRow row) {
    return new PolicyVersionRef(
        row.policy(), row.policyName(), row.id(), row.number(), row.digest());
  }

  static ResourceLink link(UUID approvalRequest) {
    return new ResourceLink(approvalRequest, "/api/v1/approval-requests/" + approvalRequest);
  }

  static Decision decision(
      PromotionDecided decided,
      RecordedEvent recorded,
      List<PolicyVersionRef> policyVersions,
      @Nullable UUID approvalRequest) {
    var decision =
        new Decision(
            decided.decision().value(),
            decided.promotion().value(),
            decided.model().value(),
            decided.version().value(),
            decided.environment(),
            outcome(decided.outcome()),
            policyVersions,
            conditions(decided.conditions()),
            decided.contentDigest().hex(),
            decided.criteria().stream()
                .map(criterion -> new Criterion(criterion.tags(), criterion.types()))
                .toList(),
            decided.marker(),
            utc(recorded.recordedAt()),
            recorded.metadata().actor().id(),
            recorded.position());
    decision.validUntil(utc(decided.validUntil()));
    if (decided.policyDigest() != null) {
      decision.policyDigest(decided.policyDigest().hex());
    }
    if (approvalRequest != null) {
      decision.approvalRequest(link(approvalRequest));
    }
    return decision;
  }

  static DecisionOutcome outcome(Outcome outcome) {
    return switch (outcome) {
      case PERMIT -> DecisionOutcome.PERMITTED;
      case PENDING -> DecisionOutcome.PENDING;
      case REFUSE -> DecisionOutcome.REFUSED;
    };
  }

  static List<Condition> conditions(List<ConditionResult> conditions) {
    return conditions.stream().map(Wire::condition).toList();
  }

  private static Condition condition(ConditionResult result) {
    boolean ofPeople = result.name().equals("approvals");
    return new Condition(
            result.name(),
            switch (result.severity()) {
              case BLOCKING -> ConditionSeverity.BLOCKING;
              case ADVISORY -> ConditionSeverity.ADVISORY;
            },
            switch (result.verdict()) {
              case PASS -> ConditionOutcome.MET;
              case FAIL -> ConditionOutcome.MISSED;
              case INSUFFICIENT_EVIDENCE -> ConditionOutcome.INSUFFICIENT_EVIDENCE;
              case MISSING ->
                  ofPeople ? ConditionOutcome.PENDING : ConditionOutcome.INSUFFICIENT_EVIDENCE;
            },
            result.required(),
            result.sources())
        .actual(cut(result.actual(), MAX_ACTUAL))
        .shortfall(result.shortfall())
        .remedy(cut(result.remedy(), MAX_REMEDY));
  }

  ApprovalRequest request(ApprovalRequestRow row) {
    var request =
        new ApprovalRequest(
            row.id(),
            row.subjectKind().equals("promotion")
                ? ApprovalSubjectKind.PROMOTION
                : ApprovalSubjectKind.POLICY_ACTIVATION,
            row.subject(),
            row.label(),
            row.environment(),
            ApprovalRequestState.fromValue(row.state()),
            row.contentDigest(),
            row.policyDigest(),
            row.total(),
            row.byRole().entrySet().stream()
                .map(role -> new RequiredRole(role.getKey(), role.getValue()))
                .toList(),
            row.answers().stream()
                .filter(ApprovalRequestRow.Answer::yes)
                .map(answer -> approval(row, answer))
                .toList(),
            row.answers().stream()
                .filter(answer -> !answer.yes())
                .map(answer -> rejection(row, answer))
                .toList(),
            utc(row.createdAt()),
            row.createdBy(),
            row.position());
    return request.decision(row.decision()).comment(row.comment()).expiresAt(utc(row.expiresAt()));
  }

  private Approval approval(ApprovalRequestRow row, ApprovalRequestRow.Answer answer) {
    var approval =
        new Approval(
            answer.event(),
            actor(answer.actor(), answer.actorKind()),
            answer.roles(),
            row.contentDigest(),
            row.policyDigest(),
            ApprovalMeaning.fromValue(String.valueOf(answer.meaning())),
            utc(answer.answeredAt()),
            answer.actor(),
            answer.position());
    return approval.comment(answer.comment());
  }

  private Rejection rejection(ApprovalRequestRow row, ApprovalRequestRow.Answer answer) {
    return new Rejection(
        answer.event(),
        actor(answer.actor(), answer.actorKind()),
        answer.roles(),
        row.contentDigest(),
        row.policyDigest(),
        answer.comment() == null ? "erased" : answer.comment(),
        utc(answer.answeredAt()),
        answer.actor(),
        answer.position());
  }

  Actor actor(String id, String kind) {
    return new Actor(id, ActorKind.fromValue(kind))
        .displayName(directory.displayName(id).orElse(null));
  }

  static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static @Nullable String cut(@Nullable String text, int length) {
    return text == null || text.length() <= length ? text : text.substring(0, length - 1) + "…";
  }
}
