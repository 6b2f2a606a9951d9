package io.assay.policy.assessdeployment;

import io.assay.contracts.DeploymentEvent.DeploymentAssessed;
import io.assay.contracts.DeploymentEvent.DeploymentRequested;
import io.assay.contracts.DeploymentEvent.DeploymentRetired;
import io.assay.contracts.DeploymentEvent.DeploymentSuperseded;
import io.assay.contracts.DeploymentEvent.Standing;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Outcome;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Only what is live is assessed, and only a new answer is recorded. Approvals do not count. */
@Singleton
final class AssessDeploymentDecider
    implements Decider<AssessDeployment, AssessDeploymentDecider.State, Standing> {

  record State(boolean live, @Nullable DeploymentAssessed last) {}

  @Override
  public Class<AssessDeployment> command() {
    return AssessDeployment.class;
  }

  @Override
  public Query boundary(AssessDeployment command, Invocation invocation) {
    return Query.of(
        invocation.workspace(),
        Criterion.of(
            command.deployment().tag(),
            "DeploymentRequested",
            "DeploymentRetired",
            "DeploymentSuperseded",
            "DeploymentAssessed"));
  }

  @Override
  public State initial() {
    return new State(false, null);
  }

  @Override
  public State evolve(State state, RecordedEvent event) {
    return switch (event.event()) {
      case DeploymentRequested requested -> new State(true, state.last);
      case DeploymentRetired retired -> new State(false, state.last);
      case DeploymentSuperseded superseded -> new State(false, state.last);
      case DeploymentAssessed assessed -> new State(state.live, assessed);
      default -> state;
    };
  }

  @Override
  public Outcome<Standing> decide(AssessDeployment command, State state, Invocation invocation) {
    var dossier = command.dossier();
    var inForce = command.inForce();
    var said = inForce.conditions().ask(dossier.evidence(), invocation.now());
    var standing = said.permits() ? Standing.IN_POLICY : Standing.OUT_OF_POLICY;
    var assessed =
        new DeploymentAssessed(
            command.deployment(),
            dossier.version(),
            dossier.model(),
            command.environment(),
            inForce.policyVersion(),
            inForce.digest(),
            standing,
            said.conditions());
    return !state.live || assessed.equals(state.last)
        ? Outcome.unchanged(standing)
        : Outcome.accepted(standing, assessed);
  }
}
