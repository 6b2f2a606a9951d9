package io.assay.registry.observedeployment;

import io.assay.contracts.DeploymentEvent.DeploymentObserved;
import io.assay.contracts.DeploymentEvent.DeploymentRequested;
import io.assay.contracts.DeploymentEvent.DeploymentRetired;
import io.assay.contracts.DeploymentEvent.DeploymentSuperseded;
import io.assay.contracts.DeploymentEvent.Strategy;
import io.assay.contracts.DeploymentId;
import io.assay.contracts.Sha256;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Fact;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is seen to serve takes the place of what served the same model in the same way there. */
@Singleton
final class ObserveDeploymentDecider
    implements Decider<ObserveDeployment, ObserveDeploymentDecider.State, DeploymentId> {

  enum Phase {
    REQUESTED,
    OBSERVED,
    ENDED
  }

  record Deployed(DeploymentRequested request, Phase phase) {}

  record State(@Nullable Sha256 manifest, Map<DeploymentId, Deployed> deployments) {}

  @Override
  public Class<ObserveDeployment> command() {
    return ObserveDeployment.class;
  }

  @Override
  public Query boundary(ObserveDeployment command, Invocation invocation) {
    return Query.of(
        invocation.workspace(),
        Criterion.of(command.version().tag(), "ModelVersionRegistered"),
        Criterion.of(
            command.model().tag(),
            "DeploymentRequested",
            "DeploymentObserved",
            "DeploymentSuperseded",
            "DeploymentRetired"));
  }

  @Override
  public State initial() {
    return new State(null, Map.of());
  }

  @Override
  public State evolve(State state, RecordedEvent event) {
    return switch (event.event()) {
      case ModelVersionRegistered e -> new State(e.manifestDigest(), state.deployments);
      case DeploymentRequested e -> moved(state, e.deployment(), new Deployed(e, Phase.REQUESTED));
      case DeploymentObserved e -> moved(state, e.deployment(), Phase.OBSERVED);
      case DeploymentSuperseded e -> moved(state, e.deployment(), Phase.ENDED);
      case DeploymentRetired e -> moved(state, e.deployment(), Phase.ENDED);
      default -> state;
    };
  }

  @Override
  public Outcome<DeploymentId> decide(
      ObserveDeployment command, State state, Invocation invocation) {
    var deployed = state.deployments.get(command.deployment());
    if (deployed == null) {
      return Outcome.refused(Rejection.notFound("such deployment"));
    }
    if (command.manifestDigest() != null && !command.manifestDigest().equals(state.manifest)) {
      return Outcome.refused(
          Rejection.digestMismatch("What serves is not the content of this version.")
              .at("/manifestDigest", "The version's manifest digest is " + state.manifest + "."));
    }
    return switch (deployed.phase) {
      case OBSERVED -> Outcome.unchanged(command.deployment());
      case ENDED -> Outcome.refused(Rejection.state("The deployment has ended."));
      case REQUESTED -> {
        var facts = new ArrayList<Fact>();
        facts.add(
            Fact.of(
                    new DeploymentObserved(
                        command.deployment(),
                        command.version(),
                        command.model(),
                        command.observedAt(),
                        command.manifestDigest(),
                        command.comment()))
                .occurredAt(command.observedAt()));
        state.deployments.values().stream()
            .filter(other -> other.phase == Phase.OBSERVED && replaces(deployed, other))
            .map(Deployed::request)
            .sorted(Comparator.comparing(request -> request.deployment().value()))
            .map(
                request ->
                    Fact.of(
                        new DeploymentSuperseded(
                            request.deployment(),
                            request.version(),
                            request.model(),
                            command.deployment())))
            .forEach(facts::add);
        yield new Outcome.Accepted<>(facts, command.deployment());
      }
    };
  }

  /** All the traffic replaces everything; a share of it only what had the same sort of share. */
  private static boolean replaces(Deployed deployed, Deployed other) {
    return other.request.environment().equals(deployed.request.environment())
        && (deployed.request.strategy() == Strategy.ALL
            || deployed.request.strategy() == other.request.strategy());
  }

  private static State moved(State state, DeploymentId id, Phase phase) {
    var deployed = state.deployments.get(id);
    return deployed == null ? state : moved(state, id, new Deployed(deployed.request, phase));
  }

  private static State moved(State state, DeploymentId id, Deployed deployed) {
    var more = new HashMap<>(state.deployments);
    more.put(id, deployed);
    return new State(state.manifest, Map.copyOf(more));
  }
}
