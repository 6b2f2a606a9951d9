package io.assay.policy.decidepromotion;

import io.assay.contracts.ApprovalEvent.ApprovalRequestStaled;
import io.assay.contracts.Event;
import io.assay.contracts.PromotionEvent;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.contracts.Tag;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Guard;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import io.assay.policy.approval.Request;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The policy's answer to a promotion: permit, refuse, or pending where only approvals are missing.
 *
 * <p>Fails closed: an environment without policy refuses, and so do missing evidence and content
 * that is not what the promotion was requested for. The answer bears what it depended on and until
 * when it holds; whoever uses it checks both.
 */
@Singleton
final class DecidePromotionDecider
    implements Decider<DecidePromotion, PromotionState, PromotionDecided> {

  @Override
  public Class<DecidePromotion> command() {
    return DecidePromotion.class;
  }

  @Override
  public Query boundary(DecidePromotion command, Invocation invocation) {
    return Query.of(
        invocation.workspace(), Criterion.of(command.promotion().tag(), PromotionState.TYPES));
  }

  @Override
  public PromotionState initial() {
    return PromotionState.UNKNOWN;
  }

  @Override
  public PromotionState evolve(PromotionState state, RecordedEvent event) {
    return state.evolve(event);
  }

  @Override
  public Outcome<PromotionDecided> decide(
      DecidePromotion command, PromotionState state, Invocation invocation) {
    var requested = state.requested();
    if (requested == null || !requested.version().equals(command.dossier().version())) {
      return Outcome.refused(Rejection.notFound("promotion"));
    }
    if (state.closed() != null) {
      return Outcome.refused(Rejection.state("The promotion is " + state.closed() + "."));
    }
    if (command.contentDigest() != null
        && !command.contentDigest().equals(requested.contentDigest())) {
      return Outcome.refused(
          Rejection.state("The promotion was requested for other content than contentDigest."));
    }
    var answer = Answer.to(command, state, requested, invocation.now());
    var events = new ArrayList<Event>();
    state
        .overtaken(command.dossier().contentDigest(), command.gate().digest())
        .map(Request::opened)
        .map(
            opened ->
                new ApprovalRequestStaled(
                    opened.approvalRequest(), opened.subject(), opened.subjectId()))
        .forEach(events::add);
    var decided = decided(command, requested, answer);
    events.add(decided);
    if (answer.asks() != null) {
      events.add(answer.asks());
    }
    return Outcome.accepted(decided, events.toArray(Event[]::new));
  }

  /** It holds while what it was decided on does. */
  @Override
  public List<Guard> guards(DecidePromotion command) {
    return List.of(new Guard(new Query(command.workspace(), depended(command)), command.marker()));
  }

  private static PromotionDecided decided(
      DecidePromotion command, PromotionRequested requested, Answer answer) {
    var inForce = command.gate().inForce();
    return new PromotionDecided(
        command.decision(),
        requested.promotion(),
        requested.version(),
        requested.model(),
        requested.environment(),
        requested.contentDigest(),
        inForce == null ? null : inForce.policyVersion(),
        inForce == null ? null : inForce.digest(),
        answer.outcome(),
        answer.conditions(),
        depended(command).stream().map(DecidePromotionDecider::published).toList(),
        command.marker(),
        answer.validUntil());
  }

  /** The evidence, the gate, and what would end the promotion. */
  private static List<Criterion> depended(DecidePromotion command) {
    var promotion =
        Criterion.of(
            command.promotion().tag(),
            "PromotionWithdrawn",
            "PromotionExpired",
            "PromotionRevoked");
    return Stream.of(command.dossier().criteria(), command.gate().criteria(), List.of(promotion))
        .flatMap(List::stream)
        .toList();
  }

  private static PromotionEvent.Criterion published(Criterion criterion) {
    return new PromotionEvent.Criterion(
        criterion.tags().stream().map(Tag::toString).sorted().toList(),
        criterion.types().stream().sorted().toList());
  }
}
