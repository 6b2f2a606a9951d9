package io.assay.policy.edge;

import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.PolicyVersionId;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionId;
import io.assay.contracts.Sha256;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.http.Positions;
import io.assay.platform.identity.Invocations;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.assay.policy.api.DecisionsApi;
import io.assay.policy.api.model.Decision;
import io.assay.policy.api.model.NewDecision;
import io.assay.policy.api.model.PolicyVersionRef;
import io.assay.policy.decidepromotion.PromotionDecisions;
import io.assay.policy.decisions.DecisionRows;
import io.assay.policy.policies.PolicyRows;
import io.assay.policy.view.PolicyReads;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Decisions over HTTP: asked for by the registry, read by everybody. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class DecisionsController implements DecisionsApi {

  private final Invocations invocations;
  private final PromotionDecisions decisions;
  private final EventLog log;
  private final DecisionRows rows;
  private final PolicyRows policies;
  private final PolicyReads reads;

  DecisionsController(
      Invocations invocations,
      PromotionDecisions decisions,
      EventLog log,
      DecisionRows rows,
      PolicyRows policies,
      PolicyReads reads) {
    this.invocations = invocations;
    this.decisions = decisions;
    this.log = log;
    this.rows = rows;
    this.policies = policies;
    this.reads = reads;
  }

  @Override
  public HttpResponse<Decision> decidePromotion(UUID promotion, NewDecision body) {
    var invocation = invocations.current();
    var receipt =
        decisions.decide(
            new PromotionId(promotion), new Sha256(body.getContentDigest()), invocation);
    var decided = receipt.answer();
    long last = receipt.position().orElseThrow();
    Positions.written(last);
    var end = log.event(last).orElseThrow();
    @Nullable UUID request =
        end.event() instanceof ApprovalRequested opened
            ? opened.approvalRequest().value()
            : open(decided);
    var recorded =
        request != null && end.event() instanceof ApprovalRequested
            ? log.event(last - 1).orElseThrow()
            : end;
    return HttpResponse.created(
        decision(decided, recorded, request),
        URI.create("/api/v1/decisions/" + decided.decision().value()));
  }

  @Override
  public Decision getDecision(UUID decision) {
    reads.await();
    var row =
        rows.decision(invocations.current().workspace(), decision)
            .orElseThrow(() -> new ProblemException(Rejection.notFound("decision")));
    var recorded = log.event(row.position()).orElseThrow();
    if (!(recorded.event() instanceof PromotionDecided decided)) {
      throw new IllegalStateException("No decision stands at position " + row.position());
    }
    return decision(decided, recorded, row.approvalRequest());
  }

  /** The request that waits already, where this decision opened none. */
  private @Nullable UUID open(PromotionDecided decided) {
    return decisions
        .openRequest(invocations.current().workspace(), decided)
        .map(id -> id.value())
        .orElse(null);
  }

  private Decision decision(
      PromotionDecided decided, RecordedEvent recorded, @Nullable UUID approvalRequest) {
    return Wire.decision(
        decided,
        recorded,
        decided.policyVersion() == null
            ? List.of()
            : List.of(reference(recorded.metadata().workspace(), decided.policyVersion())),
        approvalRequest);
  }

  private PolicyVersionRef reference(String workspace, PolicyVersionId version) {
    return policies
        .version(workspace, version.value())
        .map(Wire::reference)
        .orElseThrow(
            () ->
                new ProblemException(
                    Rejection.unavailable("The policy view has not caught up. Ask again.")));
  }
}
