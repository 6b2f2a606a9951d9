package io.assay.lineage.testing;

import io.assay.contracts.ApprovalEvent.ApprovalGiven;
import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.ApprovalEvent.Subject;
import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.BiasEvaluationId;
import io.assay.contracts.ConditionResult;
import io.assay.contracts.ConditionResult.Severity;
import io.assay.contracts.ConditionResult.Verdict;
import io.assay.contracts.DatasetEvent.DatasetRegistered;
import io.assay.contracts.DatasetEvent.DatasetVersionRegistered;
import io.assay.contracts.DatasetId;
import io.assay.contracts.DatasetVersionId;
import io.assay.contracts.DecisionId;
import io.assay.contracts.DeploymentEvent.DeploymentObserved;
import io.assay.contracts.DeploymentEvent.DeploymentRequested;
import io.assay.contracts.DeploymentEvent.Strategy;
import io.assay.contracts.DeploymentId;
import io.assay.contracts.EntityId;
import io.assay.contracts.Event;
import io.assay.contracts.ModelEvent;
import io.assay.contracts.ModelEvent.ModelRegistered;
import io.assay.contracts.ModelId;
import io.assay.contracts.PolicyEvent.PolicyRegistered;
import io.assay.contracts.PolicyEvent.PolicyVersionActivated;
import io.assay.contracts.PolicyEvent.PolicyVersionDrafted;
import io.assay.contracts.PolicyId;
import io.assay.contracts.PolicyVersionId;
import io.assay.contracts.PromotionEvent.ModelVersionPromoted;
import io.assay.contracts.PromotionEvent.Outcome;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.contracts.PromotionId;
import io.assay.contracts.RiskTier;
import io.assay.contracts.RunEvent;
import io.assay.contracts.RunEvent.RunStarted;
import io.assay.contracts.RunId;
import io.assay.contracts.Sha256;
import io.assay.contracts.SystemEvent.SystemRegistered;
import io.assay.contracts.SystemId;
import io.assay.contracts.VersionEvent.ModelVersionBiasEvaluated;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.contracts.VersionId;
import io.assay.eventlog.Actor;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.RecordedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One model's way from a dataset to a deployment, with a neighbour that uses the same dataset. */
public final class Road {

  public static final Sha256 DIGEST = Sha256.of(new byte[] {1});
  public static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  public final DatasetId dataset = new DatasetId(UUID.randomUUID());
  public final DatasetVersionId datasetVersion = new DatasetVersionId(UUID.randomUUID());
  public final DatasetVersionId otherDatasetVersion = new DatasetVersionId(UUID.randomUUID());
  public final RunId run = new RunId(UUID.randomUUID());
  public final RunId otherRun = new RunId(UUID.randomUUID());
  public final SystemId system = new SystemId(UUID.randomUUID());
  public final ModelId model = new ModelId(UUID.randomUUID());
  public final ModelId otherModel = new ModelId(UUID.randomUUID());
  public final VersionId version = new VersionId(UUID.randomUUID());
  public final VersionId otherVersion = new VersionId(UUID.randomUUID());
  public final BiasEvaluationId biasEvaluation = new BiasEvaluationId(UUID.randomUUID());
  public final PolicyId policy = new PolicyId(UUID.randomUUID());
  public final PolicyVersionId policyVersion = new PolicyVersionId(UUID.randomUUID());
  public final PromotionId promotion = new PromotionId(UUID.randomUUID());
  public final DecisionId pending = new DecisionId(UUID.randomUUID());
  public final DecisionId permit = new DecisionId(UUID.randomUUID());
  public final ApprovalRequestId approvalRequest = new ApprovalRequestId(UUID.randomUUID());
  public final DeploymentId deployment = new DeploymentId(UUID.randomUUID());

  /** The position of the bias evaluation, when the road begins an empty log. */
  public static final long BIAS_EVALUATED_AT = 11;

  /** The events in the order in which they happen. */
  public List<Event> events() {
    return List.of(
        new DatasetRegistered(dataset, "compas", "two years of scores"),
        version(datasetVersion),
        version(otherDatasetVersion),
        run(run),
        run(otherRun),
        new SystemRegistered(system, RiskTier.HIGH, null, "courts", "bail", "Ada Example"),
        new ModelRegistered(model, system, ModelEvent.Kind.ML, RiskTier.HIGH, "recidivism", null),
        new ModelRegistered(otherModel, system, ModelEvent.Kind.ML, RiskTier.HIGH, "twin", null),
        new ModelVersionRegistered(version, model, run, List.of(), DIGEST, null),
        new ModelVersionRegistered(otherVersion, otherModel, otherRun, List.of(), DIGEST, null),
        new PolicyRegistered(policy, "production", "fair", null),
        new ModelVersionBiasEvaluated(
            biasEvaluation,
            version,
            model,
            datasetVersion,
            null,
            "race",
            null,
            List.of(),
            List.of(),
            Map.of(),
            NOW,
            DIGEST),
        new PolicyVersionDrafted(
            policyVersion, policy, "production", "conditions: []", DIGEST, null),
        new PolicyVersionActivated(policyVersion, policy, "production", DIGEST),
        new PromotionRequested(promotion, version, model, "production", DIGEST, null),
        decided(pending, Outcome.PENDING),
        new ApprovalRequested(
            approvalRequest,
            Subject.PROMOTION,
            promotion.value(),
            DIGEST,
            DIGEST,
            1,
            Map.of(),
            List.of(),
            NOW,
            null),
        new ApprovalGiven(
            approvalRequest,
            Subject.PROMOTION,
            promotion.value(),
            DIGEST,
            DIGEST,
            "I have validated it",
            List.of("risk-officer"),
            "looks right to Zoë"),
        decided(permit, Outcome.PERMIT),
        new ModelVersionPromoted(promotion, version, model, "production", permit, DIGEST, DIGEST),
        new DeploymentRequested(
            deployment, version, model, "production", promotion, Strategy.ALL, null),
        new DeploymentObserved(deployment, version, model, NOW, null, null));
  }

  /** The events as the first of a log. */
  public List<RecordedEvent> recorded() {
    var recorded = new ArrayList<RecordedEvent>();
    for (var event : events()) {
      long position = recorded.size();
      recorded.add(
          new RecordedEvent(
              position,
              new UUID(7, position),
              event.getClass().getSimpleName(),
              1,
              event,
              EventMetadata.of("default", new Actor("actor-1", Actor.Kind.PERSON), "request-1"),
              NOW.plusSeconds(position),
              "test",
              event.tags(),
              DIGEST));
    }
    return recorded;
  }

  public static String key(EntityId id) {
    return id.tag().toString();
  }

  private DatasetVersionRegistered version(DatasetVersionId id) {
    return new DatasetVersionRegistered(id, dataset, DIGEST, 7_214L, null, null, null, null);
  }

  private RunStarted run(RunId id) {
    return new RunStarted(
        id, RunEvent.Kind.TRAINING, List.of(datasetVersion), NOW, null, null, null, null);
  }

  private PromotionDecided decided(DecisionId decision, Outcome outcome) {
    return new PromotionDecided(
        decision,
        promotion,
        version,
        model,
        "production",
        DIGEST,
        policyVersion,
        DIGEST,
        outcome,
        List.of(
            new ConditionResult(
                "parity",
                Severity.BLOCKING,
                Verdict.PASS,
                "0.04",
                "at most 0.05",
                null,
                List.of(BIAS_EVALUATED_AT),
                null)),
        List.of(),
        14,
        NOW);
  }
}
