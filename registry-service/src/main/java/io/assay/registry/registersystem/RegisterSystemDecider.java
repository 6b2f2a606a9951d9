package io.assay.registry.registersystem;

import io.assay.contracts.SystemEvent.SystemRegistered;
import io.assay.contracts.SystemId;
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
final class RegisterSystemDecider implements Decider<RegisterSystem, Boolean, SystemId> {

  @Override
  public Class<RegisterSystem> command() {
    return RegisterSystem.class;
  }

  @Override
  public Query boundary(RegisterSystem command, Invocation invocation) {
    return Query.of(invocation.workspace(), Criterion.of(command.nameTag(), "SystemRegistered"));
  }

  @Override
  public Boolean initial() {
    return false;
  }

  @Override
  public Boolean evolve(Boolean taken, RecordedEvent event) {
    return taken || event.event() instanceof SystemRegistered;
  }

  @Override
  public Outcome<SystemId> decide(RegisterSystem command, Boolean taken, Invocation invocation) {
    if (taken) {
      return Outcome.refused(
          Rejection.exists("An AI system has this name already.").at("/name", "Choose another."));
    }
    return Outcome.accepted(
        command.system(),
        Fact.of(
            new SystemRegistered(
                command.system(),
                command.riskTier(),
                command.aiActClass(),
                command.name(),
                command.purpose(),
                command.owner()),
            command.nameTag()));
  }
}
