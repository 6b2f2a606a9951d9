package io.assay.registry.quarantinemodelversion;

import io.assay.contracts.ModelId;
import io.assay.contracts.VersionEvent.ModelVersionArchived;
import io.assay.contracts.VersionEvent.ModelVersionQuarantined;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.contracts.VersionId;
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
final class QuarantineModelVersionDecider
    implements Decider<QuarantineModelVersion, QuarantineModelVersionDecider.State, VersionId> {

  record State(@Nullable ModelId model, boolean quarantined, boolean archived) {}

  @Override
  public Class<QuarantineModelVersion> command() {
    return QuarantineModelVersion.class;
  }

  @Override
  public Query boundary(QuarantineModelVersion command, Invocation invocation) {
    return Query.of(
        invocation.workspace(),
        Criterion.of(
            command.version().tag(),
            "ModelVersionRegistered",
            "ModelVersionQuarantined",
            "ModelVersionArchived"));
  }

  @Override
  public State initial() {
    return new State(null, false, false);
  }

  @Override
  public State evolve(State state, RecordedEvent event) {
    return switch (event.event()) {
      case ModelVersionRegistered e -> new State(e.model(), state.quarantined, state.archived);
      case ModelVersionQuarantined e -> new State(state.model, true, state.archived);
      case ModelVersionArchived e -> new State(state.model, state.quarantined, true);
      default -> state;
    };
  }

  @Override
  public Outcome<VersionId> decide(
      QuarantineModelVersion command, State state, Invocation invocation) {
    if (state.model == null) {
      return Outcome.refused(Rejection.notFound("such version"));
    }
    if (state.quarantined) {
      return Outcome.unchanged(command.version());
    }
    if (state.archived) {
      return Outcome.refused(Rejection.state("The version is archived."));
    }
    return Outcome.accepted(
        command.version(),
        new ModelVersionQuarantined(command.version(), state.model, command.reason()));
  }
}
