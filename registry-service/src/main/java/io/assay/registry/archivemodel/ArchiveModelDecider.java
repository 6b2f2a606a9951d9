package io.assay.registry.archivemodel;

import io.assay.contracts.ModelEvent.ModelArchived;
import io.assay.contracts.ModelEvent.ModelRegistered;
import io.assay.contracts.ModelId;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import jakarta.inject.Singleton;

@Singleton
final class ArchiveModelDecider
    implements Decider<ArchiveModel, ArchiveModelDecider.State, ModelId> {

  enum State {
    UNKNOWN,
    ACTIVE,
    ARCHIVED
  }

  @Override
  public Class<ArchiveModel> command() {
    return ArchiveModel.class;
  }

  @Override
  public Query boundary(ArchiveModel command, Invocation invocation) {
    return Query.of(
        invocation.workspace(),
        Criterion.of(command.model().tag(), "ModelRegistered", "ModelArchived"));
  }

  @Override
  public State initial() {
    return State.UNKNOWN;
  }

  @Override
  public State evolve(State state, RecordedEvent event) {
    return switch (event.event()) {
      case ModelRegistered registered -> State.ACTIVE;
      case ModelArchived archived -> State.ARCHIVED;
      default -> state;
    };
  }

  @Override
  public Outcome<ModelId> decide(ArchiveModel command, State state, Invocation invocation) {
    return switch (state) {
      case UNKNOWN -> Outcome.refused(Rejection.notFound("such model"));
      case ARCHIVED -> Outcome.unchanged(command.model());
      case ACTIVE ->
          Outcome.accepted(command.model(), new ModelArchived(command.model(), command.reason()));
    };
  }
}
