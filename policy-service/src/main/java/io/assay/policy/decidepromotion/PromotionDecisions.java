package io.assay.policy.decidepromotion;

import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.DecisionId;
import io.assay.contracts.PromotionEvent.Outcome;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.contracts.PromotionId;
import io.assay.contracts.Sha256;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.Query;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Commands;
import io.assay.platform.messaging.Ids;
import io.assay.platform.messaging.Receipt;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.assay.policy.approval.Request;
import io.assay.policy.evidence.EvidenceReader;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sources the evidence of a promotion and has it decided; anew where it changed meanwhile. */
@Singleton
public class PromotionDecisions {

  private static final int ATTEMPTS = 3;

  private final EventLog log;
  private final EvidenceReader evidence;
  private final Commands commands;

  public PromotionDecisions(EventLog log, EvidenceReader evidence, Commands commands) {
    this.log = log;
    this.evidence = evidence;
    this.commands = commands;
  }

  /**
   * Decides a promotion.
   *
   * @param contentDigest that the asker means; null for the promotion's own
   * @throws ProblemException 404 without such a promotion, 409 where the asker means other content
   *     than was requested, the promotion is closed, or others kept changing what it rests on
   */
  public Receipt<PromotionDecided> decide(
      PromotionId promotion, @Nullable Sha256 contentDigest, Invocation invocation) {
    var workspace = invocation.workspace();
    var requested =
        requested(workspace, promotion)
            .orElseThrow(() -> new ProblemException(Rejection.notFound("promotion")));
    for (int attempt = 1; ; attempt++) {
      var dossier = evidence.version(workspace, requested.version()).orElseThrow();
      var gate = evidence.gate(workspace, requested.environment());
      try {
        return commands.send(
            new DecidePromotion(
                new DecisionId(Ids.next()),
                new ApprovalRequestId(Ids.next()),
                promotion,
                contentDigest,
                workspace,
                dossier,
                gate),
            invocation);
      } catch (ProblemException e) {
        if (attempt == ATTEMPTS || !e.rejection().equals(Rejection.lostRace())) {
          throw e;
        }
      }
    }
  }

  /** Whether a decision of the promotion stands behind a position. */
  public boolean decidedSince(String workspace, PromotionId promotion, long position) {
    var decisions = Query.of(workspace, Criterion.of(promotion.tag(), "PromotionDecided"));
    return !log.source(decisions, position + 1).events().isEmpty();
  }

  /** The approval request that waits for what a pending decision misses. */
  public Optional<ApprovalRequestId> openRequest(String workspace, PromotionDecided decided) {
    if (decided.outcome() != Outcome.PENDING || decided.policyDigest() == null) {
      return Optional.empty();
    }
    var state = PromotionState.UNKNOWN;
    var boundary = Criterion.of(decided.promotion().tag(), PromotionState.TYPES);
    for (var event : log.source(Query.of(workspace, boundary), 0).events()) {
      state = state.evolve(event);
    }
    return state
        .request(decided.contentDigest(), decided.policyDigest())
        .filter(request -> request.state() == Request.State.OPEN)
        .map(request -> request.opened().approvalRequest());
  }

  /** The request of a promotion. */
  public Optional<PromotionRequested> requested(String workspace, PromotionId promotion) {
    return log
        .source(Query.of(workspace, Criterion.of(promotion.tag(), "PromotionRequested")), 0)
        .events()
        .stream()
        .map(event -> event.event())
        .filter(PromotionRequested.class::isInstance)
        .map(PromotionRequested.class::cast)
        .findFirst();
  }
}
