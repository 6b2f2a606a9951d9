package io.assay.registry.completepromotion;

import io.assay.contracts.ModelEvent.ModelArchived;
import io.assay.contracts.PromotionEvent;
import io.assay.contracts.PromotionEvent.ModelVersionPromoted;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionEvent.PromotionExpired;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.contracts.PromotionEvent.PromotionRevoked;
import io.assay.contracts.PromotionEvent.PromotionWithdrawn;
import io.assay.contracts.PromotionId;
import io.assay.contracts.Sha256;
import io.assay.contracts.Tag;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Guard;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Fact;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import io.assay.registry.content.VersionContent;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A decision permits exactly the content that it was made for, until it expires or anything that it
 * depended on has changed, and once.
 */
@Singleton
final class CompletePromotionDecider
    implements Decider<CompletePromotion, CompletePromotionDecider.State, PromotionId> {

  /** What became of the promotion. */
  enum Fate {
    UNKNOWN,
    OPEN,
    PERMITTED,
    CLOSED
  }

  record State(
      VersionContent content,
      boolean modelArchived,
      Fate fate,
      @Nullable Sha256 requested,
      Set<PromotionDecided> decisions) {}

  @Override
  public Class<CompletePromotion> command() {
    return CompletePromotion.class;
  }

  @Override
  public Query boundary(CompletePromotion command, Invocation invocation) {
    var decision = command.decision();
    return Query.of(
        command.workspace(),
        VersionContent.criterion(decision.version()),
        Criterion.of(decision.model().tag(), "ModelArchived"),
        Criterion.of(
            decision.promotion().tag(),
            "PromotionRequested",
            "ModelVersionPromoted",
            "PromotionWithdrawn",
            "PromotionExpired",
            "PromotionRevoked"),
        Criterion.of(decision.decision().tag(), "PromotionDecided", "ModelVersionPromoted"));
  }

  /** The decision's own conditions: what it depended on has not changed since. */
  @Override
  public List<Guard> guards(CompletePromotion command) {
    var criteria =
        command.decision().criteria().stream()
            .map(
                criterion ->
                    new Criterion(
                        criterion.tags().stream().map(Tag::parse).collect(Collectors.toSet()),
                        Set.copyOf(criterion.types())))
            .toList();
    return criteria.isEmpty()
        ? List.of()
        : List.of(new Guard(new Query(command.workspace(), criteria), command.decision().marker()));
  }

  @Override
  public State initial() {
    return new State(VersionContent.UNKNOWN, false, Fate.UNKNOWN, null, Set.of());
  }

  @Override
  public State evolve(State state, RecordedEvent event) {
    return switch (event.event()) {
      case PromotionRequested e -> fated(state, Fate.OPEN, e.contentDigest());
      case ModelVersionPromoted e -> fated(state, Fate.PERMITTED, state.requested);
      case PromotionWithdrawn e -> fated(state, Fate.CLOSED, state.requested);
      case PromotionExpired e -> fated(state, Fate.CLOSED, state.requested);
      case PromotionRevoked e -> fated(state, Fate.CLOSED, state.requested);
      case PromotionDecided e ->
          new State(state.content, state.modelArchived, state.fate, state.requested, Set.of(e));
      case ModelArchived e ->
          new State(state.content, true, state.fate, state.requested, state.decisions);
      default ->
          new State(
              state.content.evolve(event),
              state.modelArchived,
              state.fate,
              state.requested,
              state.decisions);
    };
  }

  @Override
  public Outcome<PromotionId> decide(
      CompletePromotion command, State state, Invocation invocation) {
    var decision = command.decision();
    if (!state.decisions.contains(decision)
        || decision.outcome() != PromotionEvent.Outcome.PERMIT) {
      return Outcome.refused(
          Rejection.policyRefused("No decision in the log permits this promotion."));
    }
    switch (state.fate) {
      case UNKNOWN -> {
        return Outcome.refused(Rejection.notFound("such promotion"));
      }
      case PERMITTED -> {
        return Outcome.unchanged(decision.promotion());
      }
      case CLOSED -> {
        return Outcome.refused(Rejection.state("The promotion is not open any more."));
      }
      case OPEN -> {}
    }
    if (state.modelArchived || !state.content.usable()) {
      return Outcome.refused(
          Rejection.state("The version is quarantined or archived, or its model is archived."));
    }
    if (!decision.contentDigest().equals(state.requested)) {
      return Outcome.refused(
          Rejection.policyRefused("The decision is about another content than was requested."));
    }
    if (!state.content.agreesWith(command.content())
        || !command.content().digest().equals(decision.contentDigest())) {
      // Policy, asked again, refuses the promotion; it must not wait for ever for its completion.
      return Outcome.refused(Rejection.lostRace());
    }
    if (!invocation.now().isBefore(decision.validUntil())) {
      return Outcome.refused(Rejection.lostRace());
    }
    return Outcome.accepted(
        decision.promotion(),
        Fact.of(
                new ModelVersionPromoted(
                    decision.promotion(),
                    decision.version(),
                    decision.model(),
                    decision.environment(),
                    decision.decision(),
                    decision.contentDigest(),
                    decision.policyDigest()))
            .allowedBy(decision.decision()));
  }

  private static State fated(State state, Fate fate, @Nullable Sha256 requested) {
    return new State(state.content, state.modelArchived, fate, requested, state.decisions);
  }
}
