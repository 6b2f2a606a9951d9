package io.assay.registry.registermodel;

import io.assay.contracts.ModelEvent.ModelRegistered;
import io.assay.contracts.ModelId;
import io.assay.contracts.SystemEvent.SystemRegistered;
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
final class RegisterModelDecider
    implements Decider<RegisterModel, RegisterModelDecider.State, ModelId> {

  record State(boolean systemKnown, boolean nameTaken) {}

  @Override
  public Class<RegisterModel> command() {
    return RegisterModel.class;
  }

  @Override
  public Query boundary(RegisterModel command, Invocation invocation) {
    return Query.of(
        invocation.workspace(),
        Criterion.of(command.system().tag(), "SystemRegistered"),
        name(command));
  }

  @Override
  public List<Criterion> expectedAbsent(RegisterModel command) {
    return List.of(name(command));
  }

  private static Criterion name(RegisterModel command) {
    return Criterion.of(command.nameTag(), "ModelRegistered");
  }

  @Override
  public State initial() {
    return new State(false, false);
  }

  @Override
  public State evolve(State state, RecordedEvent event) {
    return switch (event.event()) {
      case SystemRegistered registered -> new State(true, state.nameTaken);
      case ModelRegistered registered -> new State(state.systemKnown, true);
      default -> state;
    };
  }

  @Override
  public Outcome<ModelId> decide(RegisterModel command, State state, Invocation invocation) {
    if (!state.systemKnown) {
      return Outcome.refused(
          Rejection.unknownReference("/system", "There is no such AI system. Register it first."));
    }
    if (state.nameTaken) {
      return Outcome.refused(
          Rejection.exists("A model has this name already.").at("/name", "Choose another."));
    }
    return Outcome.accepted(
        command.model(),
        Fact.of(
            new ModelRegistered(
                command.model(),
                command.system(),
                command.kind(),
                command.riskTier(),
                command.name(),
                command.description()),
            command.nameTag()));
  }
}
