package io.assay.registry.withdrawpromotion;

import io.assay.contracts.GovernanceEvent.AccessRefused;
import io.assay.contracts.PromotionEvent;
import io.assay.contracts.PromotionEvent.ModelVersionPromoted;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionEvent.PromotionExpired;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.contracts.PromotionEvent.PromotionRevoked;
import io.assay.contracts.PromotionEvent.PromotionWithdrawn;
import io.assay.contracts.PromotionId;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.identity.Roles;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

@Singleton
final class WithdrawPromotionDecider
    implements Decider<WithdrawPromotion, WithdrawPromotionDecider.State, PromotionId> {

  enum Fate {
    OPEN,
    WITHDRAWN,
    CLOSED
  }

  record State(@Nullable PromotionRequested request, String requestedBy, Fate fate) {}

  @Override
  public Class<WithdrawPromotion> command() {
    return WithdrawPromotion.class;
  }

  @Override
  public Query boundary(WithdrawPromotion command, Invocation invocation) {
    return Query.of(
        invocation.workspace(),
        Criterion.of(
            command.promotion().tag(),
            "PromotionRequested",
            "PromotionDecided",
            "ModelVersionPromoted",
            "PromotionWithdrawn",
            "PromotionExpired",
            "PromotionRevoked"));
  }

  @Override
  public State initial() {
    return new State(null, "", Fate.OPEN);
  }

  @Override
  public State evolve(State state, RecordedEvent event) {
    return switch (event.event()) {
      case PromotionRequested e -> new State(e, event.metadata().actor().id(), Fate.OPEN);
      case PromotionDecided e ->
          e.outcome() == PromotionEvent.Outcome.REFUSE ? fated(state, Fate.CLOSED) : state;
      case PromotionWithdrawn e -> fated(state, Fate.WITHDRAWN);
      case ModelVersionPromoted e -> fated(state, Fate.CLOSED);
      case PromotionExpired e -> fated(state, Fate.CLOSED);
      case PromotionRevoked e -> fated(state, Fate.CLOSED);
      default -> state;
    };
  }

  @Override
  public Outcome<PromotionId> decide(
      WithdrawPromotion command, State state, Invocation invocation) {
    if (state.request == null) {
      return Outcome.refused(Rejection.notFound("such promotion"));
    }
    if (!invocation.actor().id().equals(state.requestedBy)
        && !invocation.roles().contains(Roles.RISK_OFFICER)) {
      return Outcome.refused(
          Rejection.roleMissing("Only who requested it or a risk officer withdraws a promotion."),
          new AccessRefused(
              invocation.actor().id(),
              "withdraw only one's own promotion",
              "withdrawPromotion",
              command.promotion().tag().toString()));
    }
    return switch (state.fate) {
      case WITHDRAWN -> Outcome.unchanged(command.promotion());
      case CLOSED -> Outcome.refused(Rejection.state("The promotion is decided."));
      case OPEN ->
          Outcome.accepted(
              command.promotion(),
              new PromotionWithdrawn(
                  command.promotion(),
                  state.request.version(),
                  state.request.model(),
                  command.reason()));
    };
  }

  private static State fated(State state, Fate fate) {
    return new State(state.request, state.requestedBy, fate);
  }
}
