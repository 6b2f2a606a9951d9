package io.assay.registry.registerdataset;

import io.assay.contracts.DatasetEvent.DatasetRegistered;
import io.assay.contracts.DatasetId;
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
final class RegisterDatasetDecider implements Decider<RegisterDataset, Boolean, DatasetId> {

  @Override
  public Class<RegisterDataset> command() {
    return RegisterDataset.class;
  }

  @Override
  public Query boundary(RegisterDataset command, Invocation invocation) {
    return Query.of(invocation.workspace(), Criterion.of(command.nameTag(), "DatasetRegistered"));
  }

  @Override
  public Boolean initial() {
    return false;
  }

  @Override
  public Boolean evolve(Boolean taken, RecordedEvent event) {
    return taken || event.event() instanceof DatasetRegistered;
  }

  @Override
  public Outcome<DatasetId> decide(RegisterDataset command, Boolean taken, Invocation invocation) {
    if (taken) {
      return Outcome.refused(
          Rejection.exists("A dataset has this name already.").at("/name", "Choose another."));
    }
    return Outcome.accepted(
        command.dataset(),
        Fact.of(
            new DatasetRegistered(command.dataset(), command.name(), command.description()),
            command.nameTag()));
  }
}
