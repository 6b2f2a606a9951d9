package io.assay.registry.registermodelversion;

import io.assay.contracts.ModelEvent.ModelArchived;
import io.assay.contracts.ModelEvent.ModelRegistered;
import io.assay.contracts.RunEvent.RunStarted;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.contracts.VersionId;
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
import java.util.HashSet;
import java.util.List;

@Singleton
final class RegisterModelVersionDecider
    implements Decider<RegisterModelVersion, RegisterModelVersionDecider.State, VersionId> {

  record State(
      boolean modelKnown, boolean modelArchived, boolean runKnown, boolean manifestKnown) {}

  @Override
  public Class<RegisterModelVersion> command() {
    return RegisterModelVersion.class;
  }

  /** Another version of the model is no conflict: a version's number is its rank in the log. */
  @Override
  public Query boundary(RegisterModelVersion command, Invocation invocation) {
    var criteria = new ArrayList<Criterion>();
    criteria.add(Criterion.of(command.model().tag(), "ModelRegistered", "ModelArchived"));
    criteria.add(content(command));
    if (command.run() != null) {
      criteria.add(Criterion.of(command.run().tag(), "RunStarted"));
    }
    return new Query(invocation.workspace(), criteria);
  }

  @Override
  public List<Criterion> expectedAbsent(RegisterModelVersion command) {
    return List.of(content(command));
  }

  private static Criterion content(RegisterModelVersion command) {
    return Criterion.of(command.manifestTag(), "ModelVersionRegistered");
  }

  @Override
  public State initial() {
    return new State(false, false, false, false);
  }

  @Override
  public State evolve(State state, RecordedEvent event) {
    return switch (event.event()) {
      case ModelRegistered e ->
          new State(true, state.modelArchived, state.runKnown, state.manifestKnown);
      case ModelArchived e ->
          new State(state.modelKnown, true, state.runKnown, state.manifestKnown);
      case RunStarted e ->
          new State(state.modelKnown, state.modelArchived, true, state.manifestKnown);
      case ModelVersionRegistered e ->
          new State(state.modelKnown, state.modelArchived, state.runKnown, true);
      default -> state;
    };
  }

  @Override
  public Outcome<VersionId> decide(
      RegisterModelVersion command, State state, Invocation invocation) {
    if (!state.modelKnown) {
      return Outcome.refused(Rejection.notFound("such model"));
    }
    if (state.modelArchived) {
      return Outcome.refused(Rejection.state("The model is archived and takes no new versions."));
    }
    if (command.run() != null && !state.runKnown) {
      return Outcome.refused(
          Rejection.unknownReference("/run", "This is the id of no run. Record its start first."));
    }
    if (state.manifestKnown) {
      return Outcome.refused(
          Rejection.exists("A version of this model has exactly these artifacts already.")
              .at("/artifacts", "Use the version that has them."));
    }
    var paths = new HashSet<String>();
    for (int i = 0; i < command.artifacts().size(); i++) {
      if (!paths.add(command.artifacts().get(i).path())) {
        return Outcome.refused(
            Rejection.unacceptable("/artifacts/" + i + "/path", "This path is named twice."));
      }
    }
    return Outcome.accepted(
        command.version(),
        Fact.of(
            new ModelVersionRegistered(
                command.version(),
                command.model(),
                command.run(),
                command.artifacts(),
                command.manifest(),
                command.description()),
            command.manifestTag()));
  }
}
