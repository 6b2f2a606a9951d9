package io.assay.registry.registryview;

import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.ConditionResult;
import io.assay.contracts.DatasetEvent.DatasetRegistered;
import io.assay.contracts.DatasetEvent.DatasetVersionRegistered;
import io.assay.contracts.DeploymentEvent;
import io.assay.contracts.DeploymentEvent.DeploymentAssessed;
import io.assay.contracts.DeploymentEvent.DeploymentObserved;
import io.assay.contracts.DeploymentEvent.DeploymentRequested;
import io.assay.contracts.DeploymentEvent.DeploymentRetired;
import io.assay.contracts.DeploymentEvent.DeploymentSuperseded;
import io.assay.contracts.ModelEvent.ModelArchived;
import io.assay.contracts.ModelEvent.ModelRegistered;
import io.assay.contracts.PromotionEvent.ModelVersionPromoted;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionEvent.PromotionExpired;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.contracts.PromotionEvent.PromotionRevoked;
import io.assay.contracts.PromotionEvent.PromotionWithdrawn;
import io.assay.contracts.PromotionId;
import io.assay.contracts.RunEvent.RunCompleted;
import io.assay.contracts.RunEvent.RunStarted;
import io.assay.contracts.SystemEvent.SystemRegistered;
import io.assay.contracts.VersionEvent.ArtifactStored;
import io.assay.contracts.VersionEvent.ModelVersionArchived;
import io.assay.contracts.VersionEvent.ModelVersionBiasEvaluated;
import io.assay.contracts.VersionEvent.ModelVersionEvaluated;
import io.assay.contracts.VersionEvent.ModelVersionQuarantined;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.eventlog.RecordedEvent;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is shown of one entity. */
public sealed interface Card {

  Origin origin();

  /** The card after a further event of its entity; itself where the event does not concern it. */
  Card evolve(RecordedEvent event);

  /** The card that begins with this event; {@code number} is the rank of a version. */
  static Optional<Card> begin(RecordedEvent event, int number) {
    var origin = Origin.of(event);
    return Optional.ofNullable(
        switch (event.event()) {
          case DatasetRegistered e -> new DatasetCard(e, origin);
          case DatasetVersionRegistered e -> new DatasetVersionCard(e, number, origin);
          case RunStarted e -> new RunCard(e, null, origin);
          case SystemRegistered e -> new SystemCard(e, origin);
          case ModelRegistered e -> new ModelCard(e, false, origin);
          case ModelVersionRegistered e ->
              new VersionCard(e, number, VersionState.REGISTERED, Set.of(), Map.of(), origin);
          case ModelVersionEvaluated e -> new EvaluationCard(e, origin);
          case ModelVersionBiasEvaluated e -> new BiasEvaluationCard(e, origin);
          case PromotionRequested e ->
              new PromotionCard(e, PromotionState.REQUESTED, null, null, null, origin);
          case DeploymentRequested e ->
              new DeploymentCard(e, DeploymentState.REQUESTED, null, null, null, List.of(), origin);
          default -> null;
        });
  }

  /** A dataset; a new version is no change of it. */
  record DatasetCard(DatasetRegistered registered, Origin origin) implements Card {
    @Override
    public Card evolve(RecordedEvent event) {
      return this;
    }
  }

  /** A version of a dataset. */
  record DatasetVersionCard(DatasetVersionRegistered registered, int number, Origin origin)
      implements Card {
    @Override
    public Card evolve(RecordedEvent event) {
      return this;
    }
  }

  /** A run, and how it ended. */
  record RunCard(RunStarted started, @Nullable RunCompleted completed, Origin origin)
      implements Card {
    @Override
    public Card evolve(RecordedEvent event) {
      return event.event() instanceof RunCompleted e
          ? new RunCard(started, e, origin.changedBy(event))
          : this;
    }

    /** As the interface spells it. */
    public String state() {
      return completed == null ? "running" : spelled(completed.outcome());
    }
  }

  /** An AI system. */
  record SystemCard(SystemRegistered registered, Origin origin) implements Card {
    @Override
    public Card evolve(RecordedEvent event) {
      return this;
    }
  }

  /** A model; a new version is no change of it. */
  record ModelCard(ModelRegistered registered, boolean archived, Origin origin) implements Card {
    @Override
    public Card evolve(RecordedEvent event) {
      return event.event() instanceof ModelArchived
          ? new ModelCard(registered, true, origin.changedBy(event))
          : this;
    }
  }

  enum VersionState {
    REGISTERED,
    QUARANTINED,
    ARCHIVED
  }

  /**
   * A version of a model.
   *
   * @param stored paths whose bytes are here
   * @param permitted the promotion that permits it, by environment
   */
  record VersionCard(
      ModelVersionRegistered registered,
      int number,
      VersionState state,
      Set<String> stored,
      Map<String, PromotionId> permitted,
      Origin origin)
      implements Card {
    @Override
    public Card evolve(RecordedEvent event) {
      var now = origin.changedBy(event);
      return switch (event.event()) {
        case ArtifactStored e -> {
          var more = new TreeSet<>(stored);
          more.add(e.path());
          yield new VersionCard(registered, number, state, more, permitted, now);
        }
        case ModelVersionQuarantined e ->
            new VersionCard(registered, number, VersionState.QUARANTINED, stored, permitted, now);
        case ModelVersionArchived e ->
            new VersionCard(registered, number, VersionState.ARCHIVED, stored, permitted, now);
        case ModelVersionPromoted e -> {
          var more = new TreeMap<>(permitted);
          more.put(e.environment(), e.promotion());
          yield new VersionCard(registered, number, state, stored, more, now);
        }
        case PromotionRevoked e -> {
          var less = new TreeMap<>(permitted);
          less.values().removeIf(e.promotion()::equals);
          yield new VersionCard(registered, number, state, stored, less, now);
        }
        default -> this;
      };
    }
  }

  /** Measured results. */
  record EvaluationCard(ModelVersionEvaluated evaluated, Origin origin) implements Card {
    @Override
    public Card evolve(RecordedEvent event) {
      return this;
    }
  }

  /** Measured results by group of people. */
  record BiasEvaluationCard(ModelVersionBiasEvaluated evaluated, Origin origin) implements Card {
    @Override
    public Card evolve(RecordedEvent event) {
      return this;
    }
  }

  enum PromotionState {
    REQUESTED,
    PENDING,
    PERMITTED,
    REFUSED,
    WITHDRAWN,
    EXPIRED,
    REVOKED
  }

  /** A promotion and its fate; {@code decision} is the last one. */
  record PromotionCard(
      PromotionRequested requested,
      PromotionState state,
      @Nullable PromotionDecided decision,
      @Nullable Instant decidedAt,
      @Nullable ApprovalRequestId approvalRequest,
      Origin origin)
      implements Card {
    @Override
    public Card evolve(RecordedEvent event) {
      return switch (event.event()) {
        case PromotionDecided e -> decided(e, event);
        case ApprovalRequested e ->
            new PromotionCard(
                requested,
                state,
                decision,
                decidedAt,
                e.approvalRequest(),
                origin.changedBy(event));
        case ModelVersionPromoted e -> moved(PromotionState.PERMITTED, event);
        case PromotionWithdrawn e -> moved(PromotionState.WITHDRAWN, event);
        case PromotionExpired e -> moved(PromotionState.EXPIRED, event);
        case PromotionRevoked e -> moved(PromotionState.REVOKED, event);
        default -> this;
      };
    }

    /** A decision that comes when all is over changes nothing; a permit takes effect later. */
    private Card decided(PromotionDecided e, RecordedEvent event) {
      if (state != PromotionState.REQUESTED && state != PromotionState.PENDING) {
        return this;
      }
      var next =
          switch (e.outcome()) {
            case PERMIT -> state;
            case PENDING -> PromotionState.PENDING;
            case REFUSE -> PromotionState.REFUSED;
          };
      return new PromotionCard(
          requested, next, e, event.recordedAt(), approvalRequest, origin.changedBy(event));
    }

    private Card moved(PromotionState next, RecordedEvent event) {
      return new PromotionCard(
          requested, next, decision, decidedAt, approvalRequest, origin.changedBy(event));
    }
  }

  enum DeploymentState {
    REQUESTED,
    OBSERVED,
    SUPERSEDED,
    RETIRED
  }

  /** A deployment, and what the policy now in force says to it. */
  record DeploymentCard(
      DeploymentRequested requested,
      DeploymentState state,
      @Nullable Instant observedAt,
      @Nullable Instant retiredAt,
      DeploymentEvent.@Nullable Standing standing,
      List<ConditionResult> conditions,
      Origin origin)
      implements Card {
    @Override
    public Card evolve(RecordedEvent event) {
      var now = origin.changedBy(event);
      return switch (event.event()) {
        case DeploymentObserved e ->
            new DeploymentCard(
                requested,
                DeploymentState.OBSERVED,
                e.observedAt(),
                retiredAt,
                standing,
                conditions,
                now);
        case DeploymentSuperseded e ->
            new DeploymentCard(
                requested,
                DeploymentState.SUPERSEDED,
                observedAt,
                retiredAt,
                standing,
                conditions,
                now);
        case DeploymentRetired e ->
            new DeploymentCard(
                requested,
                DeploymentState.RETIRED,
                observedAt,
                event.recordedAt(),
                standing,
                conditions,
                now);
        case DeploymentAssessed e ->
            new DeploymentCard(
                requested, state, observedAt, retiredAt, e.standing(), e.conditions(), now);
        default -> this;
      };
    }

    /** As the interface spells it. */
    public String spelledStanding() {
      return standing == null ? "unassessed" : spelled(standing);
    }
  }

  /** The spelling of a constant on the wire. */
  static String spelled(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
