package io.assay.registry.requestdeployment;

import io.assay.contracts.DeploymentEvent.DeploymentRequested;
import io.assay.contracts.DeploymentId;
import io.assay.contracts.GovernanceEvent.AccessRefused;
import io.assay.contracts.ModelId;
import io.assay.contracts.PromotionEvent.ModelVersionPromoted;
import io.assay.contracts.PromotionEvent.PromotionRevoked;
import io.assay.contracts.PromotionId;
import io.assay.contracts.VersionEvent.ModelVersionArchived;
import io.assay.contracts.VersionEvent.ModelVersionQuarantined;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

@Singleton
final class RequestDeploymentDecider
    implements Decider<RequestDeployment, RequestDeploymentDecider.State, DeploymentId> {

  /** Permissions in force by environment. */
  record State(@Nullable ModelId model, boolean usable, Map<String, PromotionId> permitted) {}

  @Override
  public Class<RequestDeployment> command() {
    return RequestDeployment.class;
  }

  @Override
  public Query boundary(RequestDeployment command, Invocation invocation) {
    return Query.of(
        invocation.workspace(),
        Criterion.of(
            command.version().tag(),
            "ModelVersionRegistered",
            "ModelVersionQuarantined",
            "ModelVersionArchived",
            "ModelVersionPromoted",
            "PromotionRevoked"));
  }

  @Override
  public State initial() {
    return new State(null, true, Map.of());
  }

  @Override
  public State evolve(State state, RecordedEvent event) {
    return switch (event.event()) {
      case ModelVersionRegistered e -> new State(e.model(), state.usable, state.permitted);
      case ModelVersionQuarantined e -> new State(state.model, false, state.permitted);
      case ModelVersionArchived e -> new State(state.model, false, state.permitted);
      case ModelVersionPromoted e -> {
        var more = new HashMap<>(state.permitted);
        more.put(e.environment(), e.promotion());
        yield new State(state.model, state.usable, Map.copyOf(more));
      }
      case PromotionRevoked e -> {
        var less = new HashMap<>(state.permitted);
        less.values().removeIf(e.promotion()::equals);
        yield new State(state.model, state.usable, Map.copyOf(less));
      }
      default -> state;
    };
  }

  @Override
  public Outcome<DeploymentId> decide(
      RequestDeployment command, State state, Invocation invocation) {
    if (state.model == null) {
      return Outcome.refused(
          Rejection.unknownReference("/version", "This is the id of no version."));
    }
    if (!state.usable) {
      return Outcome.refused(Rejection.state("The version is quarantined or archived."));
    }
    var promotion = state.permitted.get(command.environment());
    if (promotion == null) {
      return Outcome.refused(
          Rejection.policyRefused(
              "No promotion permits this version in %s. Request one first."
                  .formatted(command.environment())),
          new AccessRefused(
              invocation.actor().id(),
              "deploy only what is permitted in the environment",
              "requestDeployment",
              command.version().tag().toString()));
    }
    return Outcome.accepted(
        command.deployment(),
        new DeploymentRequested(
            command.deployment(),
            command.version(),
            state.model,
            command.environment(),
            promotion,
            command.strategy(),
            command.target()));
  }
}
