package io.assay.lineage.auditview;

import io.assay.contracts.ApprovalEvent;
import io.assay.contracts.DatasetEvent.DatasetRegistered;
import io.assay.contracts.DatasetEvent.DatasetVersionRegistered;
import io.assay.contracts.DeploymentEvent;
import io.assay.contracts.EntityId;
import io.assay.contracts.Event;
import io.assay.contracts.GovernanceEvent.AccessRefused;
import io.assay.contracts.GovernanceEvent.ErasureOrdered;
import io.assay.contracts.ModelEvent;
import io.assay.contracts.PolicyEvent;
import io.assay.contracts.PromotionEvent;
import io.assay.contracts.RunEvent;
import io.assay.contracts.SystemEvent;
import io.assay.contracts.Tag;
import io.assay.contracts.VersionEvent;
import io.assay.eventlog.RecordedEvent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the audit view finds an event: pure, and of nothing but the event.
 *
 * @param subject the entity whose history the event is part of
 * @param mentions every entity that it names, the subject among them
 * @param parts what it makes part of the trail of what
 * @param erases positions of events whose text it orders to be erased
 */
record AuditEntry(String subject, Set<String> mentions, Set<Part> parts, List<Long> erases) {

  private static final Pattern ENTITY = Pattern.compile("[a-z][a-z0-9-]*:\\S+");

  /** Keys of tags that name no entity but keep a name or a request from being used twice. */
  private static final Set<String> DIGESTS = Set.of("name", "idem");

  private static final ClassValue<List<Method>> ACCESSORS =
      new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> type) {
          return Stream.of(type.getRecordComponents()).map(RecordComponent::getAccessor).toList();
        }
      };

  /** The trail of {@code whole} holds the history of {@code part}. */
  record Part(String whole, String part) {}

  static AuditEntry of(RecordedEvent recorded) {
    var event = recorded.event();
    var subject = subject(event);
    var mentions = new LinkedHashSet<String>();
    mentions.add(subject);
    recorded.tags().stream()
        .filter(tag -> !DIGESTS.contains(tag.key()))
        .map(Tag::toString)
        .forEach(mentions::add);
    ids(event, mentions);
    return new AuditEntry(
        subject,
        Set.copyOf(mentions),
        parts(event),
        event instanceof ErasureOrdered erasure ? erasure.positions() : List.of());
  }

  private static String subject(Event event) {
    return switch (event) {
      case DatasetRegistered e -> key(e.dataset());
      case DatasetVersionRegistered e -> key(e.datasetVersion());
      case RunEvent.RunStarted e -> key(e.run());
      case RunEvent.RunCompleted e -> key(e.run());
      case SystemEvent.SystemRegistered e -> key(e.system());
      case ModelEvent.ModelRegistered e -> key(e.model());
      case ModelEvent.ModelArchived e -> key(e.model());
      case VersionEvent.ModelVersionRegistered e -> key(e.version());
      case VersionEvent.ArtifactStored e -> key(e.version());
      case VersionEvent.ModelVersionEvaluated e -> key(e.evaluation());
      case VersionEvent.ModelVersionBiasEvaluated e -> key(e.biasEvaluation());
      case VersionEvent.ModelVersionQuarantined e -> key(e.version());
      case VersionEvent.ModelVersionArchived e -> key(e.version());
      case PromotionEvent.PromotionRequested e -> key(e.promotion());
      case PromotionEvent.ModelVersionPromoted e -> key(e.promotion());
      case PromotionEvent.PromotionWithdrawn e -> key(e.promotion());
      case PromotionEvent.PromotionExpired e -> key(e.promotion());
      case PromotionEvent.PromotionRevoked e -> key(e.promotion());
      case PromotionEvent.PromotionDecided e -> key(e.decision());
      case DeploymentEvent.DeploymentRequested e -> key(e.deployment());
      case DeploymentEvent.DeploymentObserved e -> key(e.deployment());
      case DeploymentEvent.DeploymentSuperseded e -> key(e.deployment());
      case DeploymentEvent.DeploymentRetired e -> key(e.deployment());
      case DeploymentEvent.DeploymentAssessed e -> key(e.deployment());
      case PolicyEvent.PolicyRegistered e -> key(e.policy());
      case PolicyEvent.PolicyVersionDrafted e -> key(e.policyVersion());
      case PolicyEvent.PolicyVersionActivated e -> key(e.policyVersion());
      case ApprovalEvent.ApprovalRequested e -> key(e.approvalRequest());
      case ApprovalEvent.ApprovalGiven e -> key(e.approvalRequest());
      case ApprovalEvent.ApprovalRejected e -> key(e.approvalRequest());
      case ApprovalEvent.ApprovalRequestApproved e -> key(e.approvalRequest());
      case ApprovalEvent.ApprovalRequestExpired e -> key(e.approvalRequest());
      case ApprovalEvent.ApprovalRequestStaled e -> key(e.approvalRequest());
      case AccessRefused e ->
          e.subject() != null && ENTITY.matcher(e.subject()).matches()
              ? e.subject()
              : "actor:" + e.actor();
      case ErasureOrdered _ -> "erasure:ordered";
      default -> "event:" + event.getClass().getSimpleName();
    };
  }

  private static Set<Part> parts(Event event) {
    var parts = new LinkedHashSet<Part>();
    switch (event) {
      case DatasetVersionRegistered e -> part(parts, e.datasetVersion(), e.dataset());
      case RunEvent.RunStarted e -> e.inputs().forEach(input -> part(parts, e.run(), input));
      case ModelEvent.ModelRegistered e -> part(parts, e.model(), e.system());
      case VersionEvent.ModelVersionRegistered e -> {
        part(parts, e.model(), e.version());
        part(parts, e.version(), e.run());
      }
      case VersionEvent.ModelVersionEvaluated e -> {
        part(parts, e.version(), e.evaluation());
        part(parts, e.evaluation(), e.datasetVersion());
        part(parts, e.evaluation(), e.run());
      }
      case VersionEvent.ModelVersionBiasEvaluated e -> {
        part(parts, e.version(), e.biasEvaluation());
        part(parts, e.biasEvaluation(), e.datasetVersion());
        part(parts, e.biasEvaluation(), e.run());
      }
      case PromotionEvent.PromotionRequested e -> part(parts, e.version(), e.promotion());
      case PromotionEvent.PromotionDecided e -> {
        part(parts, e.promotion(), e.decision());
        part(parts, e.decision(), e.policyVersion());
      }
      case DeploymentEvent.DeploymentRequested e -> {
        part(parts, e.version(), e.deployment());
        part(parts, e.deployment(), e.promotion());
      }
      case DeploymentEvent.DeploymentAssessed e -> part(parts, e.deployment(), e.policyVersion());
      case PolicyEvent.PolicyVersionDrafted e -> part(parts, e.policyVersion(), e.policy());
      case ApprovalEvent.ApprovalRequested e ->
          parts.add(
              new Part(
                  switch (e.subject()) {
                    case PROMOTION -> "promotion:" + e.subjectId();
                    case POLICY_VERSION -> "policy-version:" + e.subjectId();
                  },
                  key(e.approvalRequest())));
      default -> {}
    }
    return Set.copyOf(parts);
  }

  private static void part(Set<Part> parts, EntityId whole, @Nullable EntityId part) {
    if (part != null) {
      parts.add(new Part(key(whole), key(part)));
    }
  }

  /** Every id in the event, at whatever depth. */
  private static void ids(@Nullable Object value, Set<String> found) {
    switch (value) {
      case null -> {}
      case EntityId id -> found.add(key(id));
      case Collection<?> several -> several.forEach(each -> ids(each, found));
      case Map<?, ?> several -> several.values().forEach(each -> ids(each, found));
      case Record structure -> {
        try {
          for (var accessor : ACCESSORS.get(structure.getClass())) {
            ids(accessor.invoke(structure), found);
          }
        } catch (IllegalAccessException | InvocationTargetException e) {
          throw new IllegalStateException("The components of events are public", e);
        }
      }
      default -> {}
    }
  }

  private static String key(EntityId id) {
    return id.tag().toString();
  }
}
