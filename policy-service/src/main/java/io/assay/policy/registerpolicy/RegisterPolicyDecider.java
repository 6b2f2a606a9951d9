package io.assay.policy.registerpolicy;

import io.assay.contracts.PolicyEvent.PolicyRegistered;
import io.assay.contracts.PolicyId;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Fact;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import jakarta.inject.Singleton;

/** A name is given to one policy of a workspace, for ever. */
@Singleton
final class RegisterPolicyDecider implements Decider<RegisterPolicy, Boolean, PolicyId> {

  @Override
  public Class<RegisterPolicy> command() {
    return RegisterPolicy.class;
  }

  @Override
  public Query boundary(RegisterPolicy command, Invocation invocation) {
    return Query.of(invocation.workspace(), Criterion.of(command.nameTag(), "PolicyRegistered"));
  }

  @Override
  public Boolean initial() {
    return false;
  }

  @Override
  public Boolean evolve(Boolean taken, RecordedEvent event) {
    return true;
  }

  @Override
  public Outcome<PolicyId> decide(RegisterPolicy command, Boolean taken, Invocation invocation) {
    if (taken) {
      return Outcome.refused(
          Rejection.exists("A policy has this name.").at("/name", "Choose another name."));
    }
    return Outcome.accepted(
        command.policy(),
        Fact.of(
            new PolicyRegistered(
                command.policy(), command.environment(), command.name(), command.description()),
            command.nameTag()));
  }
}
