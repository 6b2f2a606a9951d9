package io.assay.registry.testing;

import io.assay.contracts.BiasEvaluationId;
import io.assay.contracts.ContentDigest;
import io.assay.contracts.DatasetEvent;
import io.assay.contracts.DatasetEvent.DatasetRegistered;
import io.assay.contracts.DatasetEvent.DatasetVersionRegistered;
import io.assay.contracts.DatasetId;
import io.assay.contracts.DatasetVersionId;
import io.assay.contracts.DecisionId;
import io.assay.contracts.DeploymentEvent.DeploymentObserved;
import io.assay.contracts.DeploymentEvent.DeploymentRequested;
import io.assay.contracts.DeploymentEvent.Strategy;
import io.assay.contracts.DeploymentId;
import io.assay.contracts.EvaluationId;
import io.assay.contracts.ModelEvent;
import io.assay.contracts.ModelEvent.ModelArchived;
import io.assay.contracts.ModelEvent.ModelRegistered;
import io.assay.contracts.ModelId;
import io.assay.contracts.PolicyEvent;
import io.assay.contracts.PolicyEvent.PolicyVersionActivated;
import io.assay.contracts.PolicyId;
import io.assay.contracts.PolicyVersionId;
import io.assay.contracts.PromotionEvent;
import io.assay.contracts.PromotionEvent.ModelVersionPromoted;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.contracts.PromotionEvent.PromotionWithdrawn;
import io.assay.contracts.PromotionId;
import io.assay.contracts.RiskTier;
import io.assay.contracts.RunEvent;
import io.assay.contracts.RunEvent.RunStarted;
import io.assay.contracts.RunId;
import io.assay.contracts.Sha256;
import io.assay.contracts.SystemEvent.SystemRegistered;
import io.assay.contracts.SystemId;
import io.assay.contracts.Tag;
import io.assay.contracts.VersionEvent.Artifact;
import io.assay.contracts.VersionEvent.ArtifactStored;
import io.assay.contracts.VersionEvent.ModelVersionEvaluated;
import io.assay.contracts.VersionEvent.ModelVersionQuarantined;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.contracts.VersionId;
import io.assay.platform.testing.DeciderFixture;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One dataset, run, system, model, version and so on, with the events that make them. */
public final class Examples {

  public static final Tag TAG = new Tag("name", "0a1b");
  public static final Tag OTHER_TAG = new Tag("name", "2c3d");
  public static final Instant NOW = DeciderFixture.NOW;

  public static final DatasetId DATASET = new DatasetId(uuid(1));
  public static final DatasetVersionId DATASET_VERSION = new DatasetVersionId(uuid(2));
  public static final DatasetVersionId OTHER_DATASET_VERSION = new DatasetVersionId(uuid(3));
  public static final RunId RUN = new RunId(uuid(4));
  public static final SystemId SYSTEM = new SystemId(uuid(5));
  public static final ModelId MODEL = new ModelId(uuid(6));
  public static final ModelId OTHER_MODEL = new ModelId(uuid(7));
  public static final VersionId VERSION = new VersionId(uuid(8));
  public static final VersionId OTHER_VERSION = new VersionId(uuid(9));
  public static final EvaluationId EVALUATION = new EvaluationId(uuid(10));
  public static final BiasEvaluationId BIAS_EVALUATION = new BiasEvaluationId(uuid(11));
  public static final PromotionId PROMOTION = new PromotionId(uuid(12));
  public static final PromotionId OTHER_PROMOTION = new PromotionId(uuid(13));
  public static final DecisionId DECISION = new DecisionId(uuid(14));
  public static final DeploymentId DEPLOYMENT = new DeploymentId(uuid(15));
  public static final DeploymentId OTHER_DEPLOYMENT = new DeploymentId(uuid(16));

  public static final Sha256 DIGEST = digest("content");
  public static final Sha256 POLICY = digest("policy");
  public static final Artifact WEIGHTS =
      new Artifact("model/weights.bin", DIGEST, 7, "application/octet-stream");
  public static final Sha256 MANIFEST = ContentDigest.ofManifest(List.of(WEIGHTS));

  public static final DatasetRegistered DATASET_REGISTERED =
      new DatasetRegistered(DATASET, "compas", null);
  public static final DatasetVersionRegistered DATASET_VERSION_REGISTERED =
      new DatasetVersionRegistered(
          DATASET_VERSION,
          DATASET,
          DIGEST,
          6172L,
          null,
          "https://example.org/compas.csv",
          List.of(new DatasetEvent.Field("race", "string")),
          null);
  public static final RunStarted RUN_STARTED =
      new RunStarted(
          RUN,
          RunEvent.Kind.TRAINING,
          List.of(DATASET_VERSION),
          NOW,
          "train",
          null,
          Map.of(),
          Map.of("seed", "1"));
  public static final SystemRegistered SYSTEM_REGISTERED =
      new SystemRegistered(SYSTEM, RiskTier.HIGH, null, "justice", "purpose", "owner");
  public static final ModelRegistered MODEL_REGISTERED =
      new ModelRegistered(MODEL, SYSTEM, ModelEvent.Kind.ML, RiskTier.HIGH, "recidivism", null);
  public static final ModelArchived MODEL_ARCHIVED = new ModelArchived(MODEL, "replaced");
  public static final ModelVersionRegistered VERSION_REGISTERED =
      new ModelVersionRegistered(VERSION, MODEL, RUN, List.of(WEIGHTS), MANIFEST, null);
  public static final ModelVersionRegistered OTHER_VERSION_REGISTERED =
      new ModelVersionRegistered(
          OTHER_VERSION, MODEL, null, List.of(WEIGHTS), digest("other"), null);
  public static final ArtifactStored ARTIFACT_STORED =
      new ArtifactStored(VERSION, MODEL, WEIGHTS.path(), WEIGHTS.digest(), WEIGHTS.size());
  public static final ModelVersionEvaluated EVALUATED =
      new ModelVersionEvaluated(
          EVALUATION,
          VERSION,
          MODEL,
          DATASET_VERSION,
          null,
          null,
          Map.of("auc", 0.7),
          NOW,
          digest("evaluation"));
  public static final ModelVersionQuarantined QUARANTINED =
      new ModelVersionQuarantined(VERSION, MODEL, "found wanting");

  /** The content of the version with its evaluation. */
  public static final ContentDigest CONTENT =
      new ContentDigest(
          MANIFEST,
          Map.of(EVALUATION.value(), EVALUATED.digest()),
          Map.of(),
          Map.of(DATASET_VERSION.value(), DIGEST));

  public static final PromotionRequested REQUESTED =
      new PromotionRequested(PROMOTION, VERSION, MODEL, "production", CONTENT.digest(), null);
  public static final PromotionWithdrawn WITHDRAWN =
      new PromotionWithdrawn(PROMOTION, VERSION, MODEL, "not now");
  public static final ModelVersionPromoted PROMOTED =
      new ModelVersionPromoted(
          PROMOTION, VERSION, MODEL, "production", DECISION, CONTENT.digest(), POLICY);
  public static final DeploymentRequested DEPLOYMENT_REQUESTED =
      new DeploymentRequested(
          DEPLOYMENT, VERSION, MODEL, "production", PROMOTION, Strategy.ALL, "cluster");
  public static final DeploymentObserved DEPLOYMENT_OBSERVED =
      new DeploymentObserved(DEPLOYMENT, VERSION, MODEL, NOW, null, null);

  private Examples() {}

  /** What policy said, at this marker, valid for an hour. */
  public static PromotionDecided decided(PromotionEvent.Outcome outcome, long marker) {
    return new PromotionDecided(
        DECISION,
        PROMOTION,
        VERSION,
        MODEL,
        "production",
        CONTENT.digest(),
        null,
        POLICY,
        outcome,
        List.of(),
        List.of(
            new PromotionEvent.Criterion(
                List.of(PolicyEvent.gate("production").toString()),
                List.of("PolicyVersionActivated"))),
        marker,
        NOW.plusSeconds(3600));
  }

  /** A policy version comes into force in production. */
  public static PolicyVersionActivated activated() {
    return new PolicyVersionActivated(
        new PolicyVersionId(uuid(20)), new PolicyId(uuid(21)), "production", POLICY);
  }

  public static Sha256 digest(String of) {
    return Sha256.of(of.getBytes(StandardCharsets.UTF_8));
  }

  private static UUID uuid(long number) {
    return new UUID(0, number);
  }
}
