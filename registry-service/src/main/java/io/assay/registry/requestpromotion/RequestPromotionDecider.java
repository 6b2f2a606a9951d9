package io.assay.registry.requestpromotion;

import io.assay.contracts.ModelEvent.ModelArchived;
import io.assay.contracts.PolicyEvent;
import io.assay.contracts.PromotionEvent.PromotionExpired;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.contracts.PromotionId;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import io.assay.registry.content.VersionContent;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * At most one promotion of a version to an environment is open. What is permitted already is not
 * permitted again under the same policy.
 */
@Singleton
final class RequestPromotionDecider
    implements Decider<RequestPromotion, RequestPromotionDecider.State, PromotionId> {

  /** After so long without a decision whoever asked for it has gone, and another may go on. */
  static final Duration ABANDONED = Duration.ofSeconds(10);

  record State(VersionContent content, boolean modelArchived, PromotionLines promotions) {}

  @Override
  public Class<RequestPromotion> command() {
    return RequestPromotion.class;
  }

  @Override
  public Query boundary(RequestPromotion command, Invocation invocation) {
    return Query.of(
        invocation.workspace(),
        VersionContent.criterion(command.version()),
        Criterion.of(
            command.version().tag(),
            "PromotionRequested",
            "PromotionDecided",
            "ModelVersionPromoted",
            "PromotionWithdrawn",
            "PromotionExpired",
            "PromotionRevoked"),
        Criterion.of(command.model().tag(), "ModelArchived"),
        Criterion.of(PolicyEvent.gate(command.environment()), "PolicyVersionActivated"));
  }

  @Override
  public State initial() {
    return new State(VersionContent.UNKNOWN, false, PromotionLines.NONE);
  }

  @Override
  public State evolve(State state, RecordedEvent event) {
    return new State(
        state.content.evolve(event),
        state.modelArchived || event.event() instanceof ModelArchived,
        state.promotions.evolve(event));
  }

  @Override
  public Outcome<PromotionId> decide(RequestPromotion command, State state, Invocation invocation) {
    if (state.content.version() == null) {
      return Outcome.refused(Rejection.notFound("such version"));
    }
    if (state.modelArchived || !state.content.usable()) {
      return Outcome.refused(
          Rejection.state("The version is quarantined or archived, or its model is archived."));
    }
    if (!state.content.missing().isEmpty()) {
      return Outcome.refused(
          Rejection.state("Artifacts are missing. Send their bytes first.")
              .with("missing", state.content.missing()));
    }
    if (!state.content.agreesWith(command.content())) {
      return Outcome.refused(Rejection.lostRace());
    }
    var former = state.promotions.line(command.environment());
    var requested =
        new PromotionRequested(
            command.promotion(),
            command.version(),
            command.model(),
            command.environment(),
            command.content().digest(),
            command.comment());
    if (former == null) {
      return Outcome.accepted(command.promotion(), requested);
    }
    boolean sameContent = former.contentDigest().equals(requested.contentDigest());
    if (former.open() && !sameContent) {
      return Outcome.accepted(
          command.promotion(),
          new PromotionExpired(former.promotion(), command.version(), command.model()),
          requested);
    }
    if (former.phase() == PromotionLines.Phase.REQUESTED
        && !invocation.now().isBefore(former.requestedAt().plus(ABANDONED))) {
      return Outcome.unchanged(former.promotion());
    }
    if (former.open()) {
      return Outcome.refused(
          linked(Rejection.state("A promotion of this version there is open."), former));
    }
    if (former.phase() == PromotionLines.Phase.PERMITTED
        && sameContent
        && !state.promotions.gateMovedSince(command.environment(), former.at())) {
      return Outcome.refused(
          linked(Rejection.exists("This version is permitted there already."), former));
    }
    return Outcome.accepted(command.promotion(), requested);
  }

  private static Rejection linked(Rejection rejection, PromotionLines.Line line) {
    var id = line.promotion().value();
    return rejection.with("promotion", id).with("link", "/api/v1/promotions/" + id);
  }
}
