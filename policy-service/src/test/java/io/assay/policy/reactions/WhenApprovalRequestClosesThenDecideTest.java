package io.assay.policy.reactions;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.ApprovalEvent.ApprovalRequestExpired;
import io.assay.contracts.ApprovalEvent.ApprovalRequestStaled;
import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.ApprovalEvent.Subject;
import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.Event;
import io.assay.contracts.PromotionEvent.Outcome;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionId;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.Query;
import io.assay.eventlog.testing.InMemoryEventLog;
import io.assay.policy.conditions.Policy;
import io.assay.policy.testing.Board;
import io.assay.policy.testing.Candidate;
import io.assay.policy.testing.Deciders;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WhenApprovalRequestClosesThenDecideTest {

  private final InMemoryEventLog log = new InMemoryEventLog();
  private final Board board = new Board(log, Deciders.of(log));
  private final Reaction reaction =
      new WhenApprovalRequestClosesThenDecide(board.decisions, Clock.systemUTC());
  private final Candidate candidate = new Candidate(log, "production");
  private PromotionId promotion = new PromotionId(new UUID(0, 0));

  @BeforeEach
  void aPromotionThatOnlyMissesApprovals() {
    board.activated(Board.document("first", "production"), "author");
    promotion = candidate.requested("engineer");
    assertThat(board.decided(promotion).outcome()).isEqualTo(Outcome.PENDING);
  }

  @Test
  void theLastApprovalPermits() {
    board.approved(request(), "validator", "model-validator");
    board.approved(request(), "officer", "risk-officer");
    assertThat(react().outcome()).isEqualTo(Outcome.PERMIT);
  }

  @Test
  void aRejectionRefuses() {
    board.rejected(request(), "officer", "risk-officer");
    assertThat(react().outcome()).isEqualTo(Outcome.REFUSE);
  }

  @Test
  void anApprovalRequestStaledByAnotherPolicyIsOpenedAnewUnderThat() {
    var former = request();
    var second = Board.document("second", "production");
    board.activated(second, "author");
    stale(former);

    var decided = react();

    assertThat(decided.outcome()).isEqualTo(Outcome.PENDING);
    assertThat(decided.policyDigest()).isEqualTo(Policy.digest(second));
    assertThat(request()).isNotEqualTo(former);
  }

  @Test
  void anApprovalRequestStaledByNewEvidenceRefuses() {
    candidate.evaluated();
    stale(request());

    var decided = react();

    assertThat(decided.outcome()).isEqualTo(Outcome.REFUSE);
    assertThat(decided.conditions()).extracting("name").containsExactly("content-unchanged");
  }

  @Test
  void anExpiredApprovalRequestIsOpenedAnew() {
    var former = request();
    Candidate.append(
        log,
        List.of(),
        "policy",
        new ApprovalRequestExpired(former, Subject.PROMOTION, promotion.value()));

    assertThat(react().outcome()).isEqualTo(Outcome.PENDING);
    assertThat(request()).isNotEqualTo(former);
  }

  @Test
  void whatALaterDecisionHasSeenIsNotDecidedOnceMore() {
    board.rejected(request(), "officer", "risk-officer");
    react();
    long head = log.head();

    log.read(0, 1_000).stream()
        .filter(event -> reaction.types().contains(event.type()))
        .forEach(reaction::on);

    assertThat(log.head()).isEqualTo(head);
  }

  @Test
  void theApprovalOfAPolicyDecidesNoPromotion() {
    long head =
        1
            + Candidate.append(
                log,
                List.of(),
                "policy",
                new ApprovalRequestExpired(
                    new ApprovalRequestId(UUID.randomUUID()),
                    Subject.POLICY_VERSION,
                    promotion.value()));

    log.read(0, 1_000).stream()
        .filter(event -> reaction.types().contains(event.type()))
        .forEach(reaction::on);

    assertThat(log.head()).isEqualTo(head);
  }

  @Test
  void aWithdrawnPromotionIsLeftAlone() {
    stale(request());
    long head = candidate.withdrawn(promotion) + 1;

    reaction.on(log.event(head - 2).orElseThrow());

    assertThat(log.head()).isEqualTo(head);
  }

  private PromotionDecided react() {
    var last = log.event(log.head() - 1).orElseThrow();
    assertThat(reaction.types()).contains(last.type());
    reaction.on(last);
    return (PromotionDecided) all("PromotionDecided").getLast();
  }

  private void stale(ApprovalRequestId request) {
    Candidate.append(
        log,
        List.of(),
        "policy",
        new ApprovalRequestStaled(request, Subject.PROMOTION, promotion.value()));
  }

  private ApprovalRequestId request() {
    return ((ApprovalRequested) all("ApprovalRequested").getLast()).approvalRequest();
  }

  private List<Event> all(String type) {
    return log
        .source(Query.of(EventMetadata.DEFAULT_WORKSPACE, Criterion.of(promotion.tag(), type)), 0)
        .events()
        .stream()
        .map(event -> event.event())
        .toList();
  }
}
