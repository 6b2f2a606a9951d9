package io.assay.policy.decidepromotion;

import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.ApprovalEvent.Subject;
import io.assay.contracts.ConditionResult;
import io.assay.contracts.ConditionResult.Verdict;
import io.assay.contracts.PromotionEvent.Outcome;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.policy.approval.Request;
import io.assay.policy.conditions.PolicyDocument.Approvals;
import io.assay.policy.evidence.Gate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the policy says to a promotion, until when, and whom it asks.
 *
 * @param asks the approval request to open; null where none is
 */
record Answer(
    Outcome outcome,
    List<ConditionResult> conditions,
    Instant validUntil,
    @Nullable ApprovalRequested asks) {

  /** A refusal without asking the policy rests on nothing that ages. */
  private static final Duration UNASKED = Duration.ofHours(1);

  /** The answer to a promotion that is still open, at this time. */
  static Answer to(
      DecidePromotion command, PromotionState state, PromotionRequested requested, Instant now) {
    var content = command.dossier().contentDigest();
    if (!content.equals(requested.contentDigest())) {
      return new Answer(
          Outcome.REFUSE,
          List.of(ServiceConditions.contentChanged(content, requested.contentDigest())),
          now.plus(UNASKED),
          null);
    }
    var inForce = command.gate().inForce();
    if (inForce == null) {
      return new Answer(
          Outcome.REFUSE,
          List.of(ServiceConditions.noPolicy(requested.environment())),
          now.plus(UNASKED),
          null);
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
    conditions.add(ServiceConditions.approvals(needed, request, excluded));
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

  private static Instant earlier(Instant one, @Nullable Instant other) {
    return other == null || one.isBefore(other) ? one : other;
  }
}
