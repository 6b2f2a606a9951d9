package io.assay.registry.evaluatemodelversion;

import io.assay.contracts.DatasetEvent.DatasetVersionRegistered;
import io.assay.contracts.EvaluationId;
import io.assay.contracts.RunEvent.RunStarted;
import io.assay.contracts.VersionEvent.ModelVersionEvaluated;
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
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

@Singleton
final class EvaluateModelVersionDecider
    implements Decider<EvaluateModelVersion, Set<UUID>, EvaluationId> {

  @Override
  public Class<EvaluateModelVersion> command() {
    return EvaluateModelVersion.class;
  }

  @Override
  public Query boundary(EvaluateModelVersion command, Invocation invocation) {
    var criteria = new ArrayList<Criterion>();
    criteria.add(Criterion.of(command.version().tag(), "ModelVersionRegistered"));
    criteria.add(Criterion.of(command.datasetVersion().tag(), "DatasetVersionRegistered"));
    if (command.run() != null) {
      criteria.add(Criterion.of(command.run().tag(), "RunStarted"));
    }
    if (command.baseline() != null) {
      criteria.add(Criterion.of(command.baseline().tag(), "ModelVersionRegistered"));
    }
    return new Query(invocation.workspace(), criteria);
  }

  @Override
  public Set<UUID> initial() {
    return Set.of();
  }

  @Override
  public Set<UUID> evolve(Set<UUID> known, RecordedEvent event) {
    var more = new HashSet<>(known);
    switch (event.event()) {
      case ModelVersionRegistered registered -> more.add(registered.version().value());
      case DatasetVersionRegistered registered -> more.add(registered.datasetVersion().value());
      case RunStarted started -> more.add(started.run().value());
      default -> {}
    }
    return Set.copyOf(more);
  }

  @Override
  public Outcome<EvaluationId> decide(
      EvaluateModelVersion command, Set<UUID> known, Invocation invocation) {
    if (!known.contains(command.version().value())) {
      return Outcome.refused(Rejection.notFound("such version"));
    }
    if (!known.contains(command.datasetVersion().value())) {
      return Outcome.refused(
          Rejection.unknownReference("/datasetVersion", "This is the id of no dataset version."));
    }
    if (command.run() != null && !known.contains(command.run().value())) {
      return Outcome.refused(Rejection.unknownReference("/run", "This is the id of no run."));
    }
    if (command.baseline() != null && !known.contains(command.baseline().value())) {
      return Outcome.refused(
          Rejection.unknownReference("/baseline", "This is the id of no version."));
    }
    return Outcome.accepted(
        command.evaluation(),
        Fact.of(
                new ModelVersionEvaluated(
                    command.evaluation(),
                    command.version(),
                    command.model(),
                    command.datasetVersion(),
                    command.run(),
                    command.baseline(),
                    command.metrics(),
                    command.evaluatedAt(),
                    command.digest()))
            .occurredAt(command.evaluatedAt()));
  }
}
