package io.assay.policy.decidepromotion;

import io.assay.contracts.ApprovalEvent.ApprovalRequestStaled;
import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.ApprovalEvent.Subject;
import io.assay.contracts.ConditionResult;
import io.assay.contracts.ConditionResult.Severity;
import io.assay.contracts.ConditionResult.Verdict;
import io.assay.contracts.Event;
import io.assay.contracts.PromotionEvent;
import io.assay.contracts.PromotionEvent.Outcome;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.contracts.Sha256;
import io.assay.contracts.Tag;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Guard;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.problem.Rejection;
import io.assay.policy.approval.Request;
import io.assay.policy.conditions.PolicyDocument.Approvals;
import io.assay.policy.evidence.Gate;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

  /** A refusal without asking the policy rests on nothing that ages. */
  private static final Duration UNASKED = Duration.ofHours(1);

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
  public io.assay.platform.messaging.Outcome<PromotionDecided> decide(
      DecidePromotion command, PromotionState state, Invocation invocation) {
    var requested = state.requested();
    if (requested == null || !requested.version().equals(command.dossier().version())) {
      return io.assay.platform.messaging.Outcome.refused(Rejection.notFound("promotion"));
    }
    if (state.closed() != null) {
      return io.assay.platform.messaging.Outcome.refused(
          Rejection.state("The promotion is " + state.closed() + "."));
    }
    if (command.contentDigest() != null
        && !command.contentDigest().equals(requested.contentDigest())) {
      return io.assay.platform.messaging.Outcome.refused(
          Rejection.state("The promotion was requested for other content than contentDigest."));
    }
    var answer = answer(command, state, requested, invocation.now());
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
    return io.assay.platform.messaging.Outcome.accepted(decided, events.toArray(Event[]::new));
  }

  /** It holds while what it was decided on does. */
  @Override
  public List<Guard> guards(DecidePromotion command) {
    return List.of(new Guard(new Query(command.workspace(), depended(command)), command.marker()));
  }

  /** What the policy says, until when, and whom it asks. */
  private record Answer(
      Outcome outcome,
      List<ConditionResult> conditions,
      Instant validUntil,
      @Nullable ApprovalRequested asks) {}

  private static Answer answer(
      DecidePromotion command, PromotionState state, PromotionRequested requested, Instant now) {
    var content = command.dossier().contentDigest();
    if (!content.equals(requested.contentDigest())) {
      return new Answer(
          Outcome.REFUSE,
          List.of(contentChanged(content, requested.contentDigest())),
          now.plus(UNASKED),
          null);
    }
    var inForce = command.gate().inForce();
    if (inForce == null) {
      return new Answer(
          Outcome.REFUSE, List.of(noPolicy(requested.environment())), now.plus(UNASKED), null);
    }
    var document = inForce.conditions().document();
    var said = inForce.conditions().ask(command.dossier().evidence(), now);
    var validUntil = earlier(now.plus(document.validFor()), said.expiry());
    if (!said.permits()) {
      return new Answer(Outcome.REFUSE, said.conditions(), validUntil, null);
    }
    var needed = document.approvals();
    if (needed.total() == 0) {
      return new Answer(Outcome.PERMIT, said.conditions(), validUntil, null);
    }
    var excluded = excluded(command, state, inForce);
    var request = state.request(command.dossier().contentDigest(), inForce.digest()).orElse(null);
    var conditions = new ArrayList<>(said.conditions());
    conditions.add(approvals(needed, request, excluded));
    var verdict = conditions.getLast().verdict();
    if (request == null || lapsed(request, verdict, now)) {
      var asks = ask(command, requested, inForce, needed, excluded, now);
      return new Answer(Outcome.PENDING, conditions, earlier(validUntil, asks.expiresAt()), asks);
    }
    var outcome =
        switch (verdict) {
          case PASS -> Outcome.PERMIT;
          case FAIL -> Outcome.REFUSE;
          case MISSING, INSUFFICIENT_EVIDENCE -> Outcome.PENDING;
        };
    return new Answer(outcome, conditions, earlier(validUntil, request.opened().expiresAt()), null);
  }

  /** Whether others must be asked anew: nobody can complete the request any more. */
  private static boolean lapsed(Request request, Verdict verdict, Instant now) {
    return switch (request.state()) {
      case EXPIRED, STALE -> true;
      case OPEN -> !now.isBefore(request.opened().expiresAt());
      case APPROVED -> verdict != Verdict.PASS || !now.isBefore(request.opened().expiresAt());
      case REJECTED -> false;
    };
  }

  /** Approvals count only of persons who are not excluded by now, whoever was when they said it. */
  private static ConditionResult approvals(
      Approvals needed, @Nullable Request request, Set<String> excluded) {
    var given =
        request == null
            ? List.<Request.Yes>of()
            : request.approvals().stream().filter(yes -> !excluded.contains(yes.person())).toList();
    boolean rejected = request != null && request.state() == Request.State.REJECTED;
    boolean enough =
        request != null
            && request.state() == Request.State.APPROVED
            && Request.enough(given, needed.total(), needed.byRole());
    var sources = new ArrayList<>(given.stream().map(Request.Yes::position).toList());
    if (request != null && request.rejection() != null) {
      sources.add(request.rejection());
    }
    return new ConditionResult(
        "approvals",
        Severity.BLOCKING,
        enough ? Verdict.PASS : rejected ? Verdict.FAIL : Verdict.MISSING,
        rejected ? "rejected" : given.size() + " of " + needed.total(),
        spelled(needed),
        enough || rejected ? null : String.valueOf(Math.max(1, needed.total() - given.size())),
        sources,
        enough
            ? null
            : rejected
                ? "Read the reason of the rejection, and request a promotion anew."
                : "Others than who developed, requested, or wrote the policy approve it.");
  }

  private static String spelled(Approvals needed) {
    var spelled = new StringBuilder("at least ").append(needed.total());
    needed
        .byRole()
        .forEach((role, n) -> spelled.append(", ").append(n).append(" by ").append(role));
    return spelled.toString();
  }

  private static ApprovalRequested ask(
      DecidePromotion command,
      PromotionRequested requested,
      Gate.InForce inForce,
      Approvals needed,
      Set<String> excluded,
      Instant now) {
    return new ApprovalRequested(
        command.approvalRequest(),
        Subject.PROMOTION,
        requested.promotion().value(),
        requested.contentDigest(),
        inForce.digest(),
        needed.total(),
        needed.byRole(),
        List.copyOf(excluded),
        now.plus(needed.validFor()),
        null);
  }

  private static Set<String> excluded(
      DecidePromotion command, PromotionState state, Gate.InForce inForce) {
    var excluded = new TreeSet<>(command.dossier().contributors());
    excluded.add(inForce.author());
    excluded.add(Objects.requireNonNull(state.requester()));
    return excluded;
  }

  private static ConditionResult contentChanged(Sha256 actual, Sha256 requested) {
    return new ConditionResult(
        "content-unchanged",
        Severity.BLOCKING,
        Verdict.FAIL,
        actual.hex(),
        requested.hex(),
        null,
        List.of(),
        "Request a promotion of the version as it is now.");
  }

  private static ConditionResult noPolicy(String environment) {
    return new ConditionResult(
        "policy-in-force",
        Severity.BLOCKING,
        Verdict.MISSING,
        null,
        "a policy in force for " + environment,
        null,
        List.of(),
        "Draft a policy for " + environment + " and have it activated.");
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

  private static Instant earlier(Instant one, @Nullable Instant other) {
    return other == null || one.isBefore(other) ? one : other;
  }
}
