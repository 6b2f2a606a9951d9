package io.assay.lineage.auditview;

import static java.util.Map.entry;

import io.assay.contracts.ApprovalEvent;
import io.assay.contracts.DatasetEvent.DatasetVersionRegistered;
import io.assay.contracts.DeploymentEvent;
import io.assay.contracts.EntityId;
import io.assay.contracts.Event;
import io.assay.contracts.GovernanceEvent.AccessRefused;
import io.assay.contracts.GovernanceEvent.ErasureOrdered;
import io.assay.contracts.ModelEvent;
import io.assay.contracts.ModelId;
import io.assay.contracts.PolicyEvent;
import io.assay.contracts.PromotionEvent;
import io.assay.contracts.RunEvent;
import io.assay.contracts.Tag;
import io.assay.contracts.VersionEvent;
import io.assay.contracts.VersionId;
import io.assay.eventlog.RecordedEvent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the audit view finds an event, beyond what the log's own tags say of it: pure, and of
 * nothing but the event.
 *
 * @param subject the entity whose history the event is part of
 * @param mentions the entities that it names and bears no tag of, and the subject where {@link
 *     #SUBJECTS} does not tell it
 * @param parts what it makes part of the trail of what
 * @param erases positions of events whose text it orders to be erased
 */
record AuditEntry(String subject, Set<String> mentions, Set<Part> parts, List<Long> erases) {

  /** By the type of an event, the key of the tag that is its subject. */
  static final Map<String, String> SUBJECTS =
      Map.ofEntries(
          entry("DatasetRegistered", "dataset"),
          entry("DatasetVersionRegistered", "dataset-version"),
          entry("RunStarted", "run"),
          entry("RunCompleted", "run"),
          entry("SystemRegistered", "system"),
          entry("ModelRegistered", "model"),
          entry("ModelArchived", "model"),
          entry("ModelVersionRegistered", "version"),
          entry("ArtifactStored", "version"),
          entry("ModelVersionEvaluated", "evaluation"),
          entry("ModelVersionBiasEvaluated", "bias-evaluation"),
          entry("ModelVersionQuarantined", "version"),
          entry("ModelVersionArchived", "version"),
          entry("PromotionRequested", "promotion"),
          entry("ModelVersionPromoted", "promotion"),
          entry("PromotionWithdrawn", "promotion"),
          entry("PromotionExpired", "promotion"),
          entry("PromotionRevoked", "promotion"),
          entry("PromotionDecided", "decision"),
          entry("DeploymentRequested", "deployment"),
          entry("DeploymentObserved", "deployment"),
          entry("DeploymentSuperseded", "deployment"),
          entry("DeploymentRetired", "deployment"),
          entry("DeploymentAssessed", "deployment"),
          entry("PolicyRegistered", "policy"),
          entry("PolicyVersionDrafted", "policy-version"),
          entry("PolicyVersionActivated", "policy-version"),
          entry("ApprovalRequested", "approval-request"),
          entry("ApprovalGiven", "approval-request"),
          entry("ApprovalRejected", "approval-request"),
          entry("ApprovalRequestApproved", "approval-request"),
          entry("ApprovalRequestExpired", "approval-request"),
          entry("ApprovalRequestStaled", "approval-request"),
          entry("ApiKeyIssued", "api-key"),
          entry("ApiKeyRevoked", "api-key"),
          entry("ErasureOrdered", "erasure"));

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
    var mentions = new LinkedHashSet<String>();
    ids(event, mentions);
    recorded.tags().stream().map(Tag::toString).forEach(mentions::remove);
    var tagged = tagged(recorded);
    var subject = tagged.orElseGet(() -> subject(event));
    if (tagged.isEmpty()) {
      mentions.add(subject);
    }
    return new AuditEntry(
        subject,
        Set.copyOf(mentions),
        parts(event),
        event instanceof ErasureOrdered erasure ? erasure.positions() : List.of());
  }

  /** Whether this may be the name of an entity: not of what keeps another from being used twice. */
  static boolean isEntity(String name) {
    return DIGESTS.stream().noneMatch(key -> name.startsWith(key + ":"));
  }

  private static Optional<String> tagged(RecordedEvent recorded) {
    var key = SUBJECTS.get(recorded.type());
    return recorded.tags().stream()
        .filter(tag -> tag.key().equals(key))
        .map(Tag::toString)
        .findFirst();
  }

  /** The subject of an event whose type does not tell it. */
  private static String subject(Event event) {
    return switch (event) {
      case AccessRefused e ->
          e.subject() != null && ENTITY.matcher(e.subject()).matches()
              ? e.subject()
              : "actor:" + e.actor();
      default -> "event:" + event.getClass().getSimpleName();
    };
  }

  private static Set<Part> parts(Event event) {
    var parts = new LinkedHashSet<Part>();
    switch (event) {
      case DatasetVersionRegistered e -> part(parts, e.datasetVersion(), e.dataset());
      case RunEvent.RunStarted e -> e.inputs().forEach(input -> part(parts, e.run(), input));
      case ModelEvent.ModelRegistered e -> part(parts, e.model(), e.system());
      case VersionEvent.ModelVersionRegistered e -> part(parts, e.model(), e.version(), e.run());
      case VersionEvent.ModelVersionEvaluated e -> {
        part(parts, e.model(), e.version(), e.evaluation());
        part(parts, e.evaluation(), e.datasetVersion());
        part(parts, e.evaluation(), e.run());
      }
      case VersionEvent.ModelVersionBiasEvaluated e -> {
        part(parts, e.model(), e.version(), e.biasEvaluation());
        part(parts, e.biasEvaluation(), e.datasetVersion());
        part(parts, e.biasEvaluation(), e.run());
      }
      case PromotionEvent.PromotionRequested e ->
          part(parts, e.model(), e.version(), e.promotion());
      case PromotionEvent.PromotionDecided e -> {
        part(parts, e.promotion(), e.decision());
        part(parts, e.decision(), e.policyVersion());
      }
      case DeploymentEvent.DeploymentRequested e -> {
        part(parts, e.model(), e.version(), e.deployment());
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

  /**
   * What is part of a version is part of its model as well. A version itself is none: whatever
   * happens to it bears the tag of its model.
   */
  private static void part(
      Set<Part> parts, ModelId model, VersionId version, @Nullable EntityId part) {
    part(parts, model, part);
    part(parts, version, part);
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
