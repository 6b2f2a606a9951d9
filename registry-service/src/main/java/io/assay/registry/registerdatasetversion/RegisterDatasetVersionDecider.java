package io.assay.registry.registerdatasetversion;

import io.assay.contracts.DatasetEvent.DatasetRegistered;
import io.assay.contracts.DatasetEvent.DatasetVersionRegistered;
import io.assay.contracts.DatasetVersionId;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Fact;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import jakarta.inject.Singleton;
import java.util.List;

@Singleton
final class RegisterDatasetVersionDecider
    implements Decider<
        RegisterDatasetVersion, RegisterDatasetVersionDecider.State, DatasetVersionId> {

  record State(boolean datasetKnown, boolean contentKnown) {}

  @Override
  public Class<RegisterDatasetVersion> command() {
    return RegisterDatasetVersion.class;
  }

  /** Another version of the same dataset is no conflict; the same content is. */
  @Override
  public Query boundary(RegisterDatasetVersion command, Invocation invocation) {
    return Query.of(
        invocation.workspace(),
        Criterion.of(command.dataset().tag(), "DatasetRegistered"),
        content(command));
  }

  @Override
  public List<Criterion> expectedAbsent(RegisterDatasetVersion command) {
    return List.of(content(command));
  }

  private static Criterion content(RegisterDatasetVersion command) {
    return Criterion.of(command.contentTag(), "DatasetVersionRegistered");
  }

  @Override
  public State initial() {
    return new State(false, false);
  }

  @Override
  public State evolve(State state, RecordedEvent event) {
    return switch (event.event()) {
      case DatasetRegistered registered -> new State(true, state.contentKnown);
      case DatasetVersionRegistered registered -> new State(state.datasetKnown, true);
      default -> state;
    };
  }

  @Override
  public Outcome<DatasetVersionId> decide(
      RegisterDatasetVersion command, State state, Invocation invocation) {
    if (!state.datasetKnown) {
      return Outcome.refused(Rejection.notFound("such dataset"));
    }
    if (state.contentKnown) {
      return Outcome.refused(
          Rejection.exists("A version of this dataset has this digest already.")
              .at("/digest", "Use the version that has it."));
    }
    return Outcome.accepted(
        command.datasetVersion(),
        Fact.of(
            new DatasetVersionRegistered(
                command.datasetVersion(),
                command.dataset(),
                command.digest(),
                command.rows(),
                command.validation(),
                command.source(),
                command.schema(),
                command.description()),
            command.contentTag()));
  }
}
