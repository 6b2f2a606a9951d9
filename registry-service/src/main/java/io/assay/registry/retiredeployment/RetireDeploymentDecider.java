package io.assay.registry.retiredeployment;

import io.assay.contracts.DeploymentEvent.DeploymentRequested;
import io.assay.contracts.DeploymentEvent.DeploymentRetired;
import io.assay.contracts.DeploymentEvent.DeploymentSuperseded;
import io.assay.contracts.DeploymentId;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

@Singleton
final class RetireDeploymentDecider
    implements Decider<RetireDeployment, RetireDeploymentDecider.State, DeploymentId> {

  record State(@Nullable DeploymentRequested request, boolean superseded, boolean retired) {}

  @Override
  public Class<RetireDeployment> command() {
    return RetireDeployment.class;
  }

  @Override
  public Query boundary(RetireDeployment command, Invocation invocation) {
    return Query.of(
        invocation.workspace(),
        Criterion.of(
            command.deployment().tag(),
            "DeploymentRequested",
            "DeploymentSuperseded",
            "DeploymentRetired"));
  }

  @Override
  public State initial() {
    return new State(null, false, false);
  }

  @Override
  public State evolve(State state, RecordedEvent event) {
    return switch (event.event()) {
      case DeploymentRequested e -> new State(e, state.superseded, state.retired);
      case DeploymentSuperseded e -> new State(state.request, true, state.retired);
      case DeploymentRetired e -> new State(state.request, state.superseded, true);
      default -> state;
    };
  }

  @Override
  public Outcome<DeploymentId> decide(
      RetireDeployment command, State state, Invocation invocation) {
    if (state.request == null) {
      return Outcome.refused(Rejection.notFound("such deployment"));
    }
    if (state.retired) {
      return Outcome.unchanged(command.deployment());
    }
    if (state.superseded) {
      return Outcome.refused(Rejection.state("Another deployment has taken its place already."));
    }
    return Outcome.accepted(
        command.deployment(),
        new DeploymentRetired(
            command.deployment(),
            state.request.version(),
            state.request.model(),
            command.reason()));
  }
}
