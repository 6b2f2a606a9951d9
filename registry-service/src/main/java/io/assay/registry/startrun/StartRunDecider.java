package io.assay.registry.startrun;

import io.assay.contracts.DatasetEvent.DatasetVersionRegistered;
import io.assay.contracts.DatasetVersionId;
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
import java.util.HashSet;
import java.util.Set;

@Singleton
final class StartRunDecider implements Decider<StartRun, Set<DatasetVersionId>, RunId> {

  @Override
  public Class<StartRun> command() {
    return StartRun.class;
  }

  @Override
  public Query boundary(StartRun command, Invocation invocation) {
    return new Query(
        invocation.workspace(),
        command.inputs().stream()
            .distinct()
            .map(input -> Criterion.of(input.tag(), "DatasetVersionRegistered"))
            .toList());
  }

  @Override
  public Set<DatasetVersionId> initial() {
    return Set.of();
  }

  @Override
  public Set<DatasetVersionId> evolve(Set<DatasetVersionId> known, RecordedEvent event) {
    if (!(event.event() instanceof DatasetVersionRegistered registered)) {
      return known;
    }
    var more = new HashSet<>(known);
    more.add(registered.datasetVersion());
    return Set.copyOf(more);
  }

  @Override
  public Outcome<RunId> decide(
      StartRun command, Set<DatasetVersionId> known, Invocation invocation) {
    for (int i = 0; i < command.inputs().size(); i++) {
      if (!known.contains(command.inputs().get(i))) {
        return Outcome.refused(
            Rejection.unknownReference(
                "/inputs/" + i, "This is the id of no dataset version. Register it first."));
      }
    }
    return Outcome.accepted(
        command.run(),
        Fact.of(
                new RunStarted(
                    command.run(),
                    command.kind(),
                    command.inputs(),
                    command.startedAt(),
                    command.name(),
                    command.code(),
                    command.environment(),
                    command.parameters()))
            .occurredAt(command.startedAt()));
  }
}
