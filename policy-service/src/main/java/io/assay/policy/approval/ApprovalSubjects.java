package io.assay.policy.approval;

import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.PolicyVersionId;
import io.assay.contracts.PromotionId;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.Query;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.assay.policy.decidepromotion.PromotionDecisions;
import io.assay.policy.evidence.EvidenceReader;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what an approval request is about, as it is now. */
@Singleton
public class ApprovalSubjects {

  private final EventLog log;
  private final EvidenceReader evidence;
  private final PromotionDecisions promotions;

  public ApprovalSubjects(EventLog log, EvidenceReader evidence, PromotionDecisions promotions) {
    this.log = log;
    this.evidence = evidence;
    this.promotions = promotions;
  }

  /**
   * What a request is about.
   *
   * @param draft the policy version that would be put in force; empty for a promotion
   */
  public record About(
      ApprovalRequested opened, Eligibility.Now now, Optional<EvidenceReader.Draft> draft) {}

  /** What a request is about now; 404 where there is no such request. */
  public About about(String workspace, ApprovalRequestId request) {
    var opened =
        log
            .source(Query.of(workspace, Criterion.of(request.tag(), "ApprovalRequested")), 0)
            .events()
            .stream()
            .map(event -> event.event())
            .filter(ApprovalRequested.class::isInstance)
            .map(ApprovalRequested.class::cast)
            .findFirst()
            .orElseThrow(() -> new ProblemException(Rejection.notFound("approval request")));
    return switch (opened.subject()) {
      case PROMOTION -> promotion(workspace, opened);
      case POLICY_VERSION -> policyVersion(workspace, opened);
    };
  }

  private About promotion(String workspace, ApprovalRequested opened) {
    var requested =
        promotions.requested(workspace, new PromotionId(opened.subjectId())).orElseThrow();
    var dossier = evidence.version(workspace, requested.version()).orElseThrow();
    var gate = evidence.gate(workspace, requested.environment());
    var criteria = new ArrayList<>(dossier.criteria());
    criteria.add(gate.criterion());
    return new About(
        opened,
        new Eligibility.Now(
            dossier.contentDigest(),
            gate.digest(),
            dossier.contributors(),
            criteria,
            Math.min(dossier.marker(), gate.marker())),
        Optional.empty());
  }

  private About policyVersion(String workspace, ApprovalRequested opened) {
    var draft = evidence.draft(workspace, new PolicyVersionId(opened.subjectId())).orElseThrow();
    var digest = draft.drafted().digest();
    return new About(
        opened,
        new Eligibility.Now(digest, digest, Set.of(draft.author()), List.of(), 0),
        Optional.of(draft));
  }
}
