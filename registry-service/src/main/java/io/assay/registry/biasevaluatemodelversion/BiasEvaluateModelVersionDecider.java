package io.assay.registry.biasevaluatemodelversion;

import io.assay.contracts.BiasEvaluationId;
import io.assay.contracts.DatasetEvent.DatasetVersionRegistered;
import io.assay.contracts.RunEvent.RunStarted;
import io.assay.contracts.VersionEvent.ModelVersionBiasEvaluated;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Fact;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import io.assay.registry.fairness.BiasMetrics;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

@Singleton
final class BiasEvaluateModelVersionDecider
    implements Decider<BiasEvaluateModelVersion, Set<UUID>, BiasEvaluationId> {

  @Override
  public Class<BiasEvaluateModelVersion> command() {
    return BiasEvaluateModelVersion.class;
  }

  @Override
  public Query boundary(BiasEvaluateModelVersion command, Invocation invocation) {
    var criteria = new ArrayList<Criterion>();
    criteria.add(Criterion.of(command.version().tag(), "ModelVersionRegistered"));
    criteria.add(Criterion.of(command.datasetVersion().tag(), "DatasetVersionRegistered"));
    if (command.run() != null) {
      criteria.add(Criterion.of(command.run().tag(), "RunStarted"));
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
  public Outcome<BiasEvaluationId> decide(
      BiasEvaluateModelVersion command, Set<UUID> known, Invocation invocation) {
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
    var fault = CountsByGroup.fault(command.groups(), command.referenceGroup());
    if (fault.isPresent()) {
      return Outcome.refused(fault.get());
    }
    var metrics = BiasMetrics.of(command.groups(), command.referenceGroup());
    var mismatch = ClaimedMetrics.mismatch(command.claimed(), metrics);
    if (mismatch.isPresent()) {
      return Outcome.refused(mismatch.get());
    }
    return Outcome.accepted(
        command.biasEvaluation(),
        Fact.of(
                new ModelVersionBiasEvaluated(
                    command.biasEvaluation(),
                    command.version(),
                    command.model(),
                    command.datasetVersion(),
                    command.run(),
                    command.attribute(),
                    command.referenceGroup(),
                    command.groups(),
                    metrics,
                    command.claimed(),
                    command.evaluatedAt(),
                    command.digest()))
            .occurredAt(command.evaluatedAt()));
  }
}
