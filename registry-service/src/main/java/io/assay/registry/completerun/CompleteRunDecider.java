package io.assay.registry.completerun;

import io.assay.contracts.RunEvent.RunCompleted;
import io.assay.contracts.RunEvent.RunStarted;
import io.assay.contracts.RunId;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Fact;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import jakarta.inject.Singleton;

@Singleton
final class CompleteRunDecider implements Decider<CompleteRun, CompleteRunDecider.State, RunId> {

  enum State {
    UNKNOWN,
    RUNNING,
    COMPLETED
  }

  @Override
  public Class<CompleteRun> command() {
    return CompleteRun.class;
  }

  @Override
  public Query boundary(CompleteRun command, Invocation invocation) {
    return Query.of(
        invocation.workspace(), Criterion.of(command.run().tag(), "RunStarted", "RunCompleted"));
  }

  @Override
  public State initial() {
    return State.UNKNOWN;
  }

  @Override
  public State evolve(State state, RecordedEvent event) {
    return switch (event.event()) {
      case RunStarted started -> State.RUNNING;
      case RunCompleted completed -> State.COMPLETED;
      default -> state;
    };
  }

  @Override
  public Outcome<RunId> decide(CompleteRun command, State state, Invocation invocation) {
    return switch (state) {
      case UNKNOWN -> Outcome.refused(Rejection.notFound("such run"));
      case COMPLETED ->
          Outcome.refused(Rejection.state("The run is completed; a run completes once."));
      case RUNNING ->
          Outcome.accepted(
              command.run(),
              Fact.of(
                      new RunCompleted(
                          command.run(),
                          command.outcome(),
                          command.metrics(),
                          command.points(),
                          command.pointsDigest(),
                          command.resources(),
                          command.cost(),
                          command.endedAt()))
                  .occurredAt(command.endedAt()));
    };
  }
}
