package io.assay.policy.dryrun;

import io.assay.contracts.PromotionEvent.Outcome;
import io.assay.contracts.PromotionId;
import io.assay.contracts.VersionId;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.assay.policy.conditions.Policy;
import io.assay.policy.decidepromotion.PromotionDecisions;
import io.assay.policy.evidence.EvidenceReader;
import jakarta.inject.Singleton;
import java.time.Instant;

/** Asks a policy about one version, as if it were promoted now. */
@Singleton
public class DryRuns {

  private final EvidenceReader evidence;
  private final PromotionDecisions promotions;

  public DryRuns(EvidenceReader evidence, PromotionDecisions promotions) {
    this.evidence = evidence;
    this.promotions = promotions;
  }

  /** The answer and how many events it regards. */
  public record DryRun(VersionId version, Outcome outcome, Policy.Answer answer, long marker) {}

  /** 422 where there is no such promotion. */
  public DryRun ofPromotion(String workspace, PromotionId promotion, Policy policy, Instant now) {
    var requested =
        promotions
            .requested(workspace, promotion)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Rejection.unknownReference("/promotion", "There is no such promotion.")));
    return ofVersion(workspace, requested.version(), policy, now);
  }

  /** 422 where there is no such version. Approvals are never there before a promotion is. */
  public DryRun ofVersion(String workspace, VersionId version, Policy policy, Instant now) {
    var dossier =
        evidence
            .version(workspace, version)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Rejection.unknownReference("/version", "There is no such model version.")));
    var answer = policy.ask(dossier.evidence(), now);
    var outcome =
        !answer.permits()
            ? Outcome.REFUSE
            : policy.document().approvals().total() > 0 ? Outcome.PENDING : Outcome.PERMIT;
    return new DryRun(version, outcome, answer, dossier.marker());
  }
}
