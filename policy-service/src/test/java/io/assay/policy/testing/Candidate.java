package io.assay.policy.testing;

import io.assay.contracts.ContentDigest;
import io.assay.contracts.DatasetVersionId;
import io.assay.contracts.EvaluationId;
import io.assay.contracts.Event;
import io.assay.contracts.ModelEvent;
import io.assay.contracts.ModelEvent.ModelRegistered;
import io.assay.contracts.ModelId;
import io.assay.contracts.PromotionEvent.ModelVersionPromoted;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionEvent.PromotionExpired;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.contracts.PromotionEvent.PromotionWithdrawn;
import io.assay.contracts.PromotionId;
import io.assay.contracts.RiskTier;
import io.assay.contracts.Sha256;
import io.assay.contracts.SystemId;
import io.assay.contracts.Tag;
import io.assay.contracts.VersionEvent.Artifact;
import io.assay.contracts.VersionEvent.ArtifactStored;
import io.assay.contracts.VersionEvent.ModelVersionEvaluated;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.contracts.VersionId;
import io.assay.eventlog.Actor;
import io.assay.eventlog.Append;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.Guard;
import io.assay.eventlog.NewEvent;
import io.assay.eventlog.Query;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** A model version that shall go to production: what the registry writes about it. */
public final class Candidate {

  private static final Artifact WEIGHTS = new Artifact("model.bin", digest("weights"), 7, "x/y");

  public final ModelId model = new ModelId(UUID.randomUUID());
  public final VersionId version = new VersionId(UUID.randomUUID());
  public final String environment;
  private final EventLog log;
  private final Map<UUID, Sha256> evaluations = new HashMap<>();

  /** Registers the model and the version, in the name of the developer. */
  public Candidate(EventLog registryLog, String environment) {
    this.log = registryLog;
    this.environment = environment;
    append(
        "developer",
        new ModelRegistered(
            model,
            new SystemId(UUID.randomUUID()),
            ModelEvent.Kind.ML,
            RiskTier.HIGH,
            "model " + model.value(),
            null),
        new ModelVersionRegistered(
            version,
            model,
            null,
            List.of(WEIGHTS),
            ContentDigest.ofManifest(List.of(WEIGHTS)),
            null));
    stored("developer");
  }

  /** The actor has a hand in it. */
  public long stored(String actor) {
    return append(
        actor,
        new ArtifactStored(version, model, WEIGHTS.path(), WEIGHTS.digest(), WEIGHTS.size()));
  }

  /** New evidence: the content is another from now on. */
  public long evaluated() {
    var evaluation = new EvaluationId(UUID.randomUUID());
    var digest = digest(evaluation.value().toString());
    evaluations.put(evaluation.value(), digest);
    return append(
        "evaluator",
        new ModelVersionEvaluated(
            evaluation,
            version,
            model,
            new DatasetVersionId(UUID.randomUUID()),
            null,
            null,
            Map.of("auc", 0.7),
            Instant.now(),
            digest));
  }

  /** The digest of the content as it is now. */
  public Sha256 content() {
    return new ContentDigest(
            ContentDigest.ofManifest(List.of(WEIGHTS)), evaluations, Map.of(), Map.of())
        .digest();
  }

  /** Somebody asks that it be permitted as it is now. */
  public PromotionId requested(String actor) {
    var promotion = new PromotionId(UUID.randomUUID());
    append(actor, new PromotionRequested(promotion, version, model, environment, content(), null));
    return promotion;
  }

  public long withdrawn(PromotionId promotion) {
    return append("engineer", new PromotionWithdrawn(promotion, version, model, null));
  }

  public long expired(PromotionId promotion) {
    return append("registry", new PromotionExpired(promotion, version, model));
  }

  /**
   * Completes it as the registry does: while nothing has happened that the decision depended on, or
   * that ended the promotion.
   *
   * @return fails with the conflict otherwise
   */
  public long completed(PromotionDecided decision) {
    var depended =
        decision.criteria().stream()
            .map(
                criterion ->
                    new Criterion(
                        criterion.tags().stream().map(Tag::parse).collect(Collectors.toSet()),
                        Set.copyOf(criterion.types())))
            .toList();
    var once = Criterion.of(decision.promotion().tag(), "ModelVersionPromoted");
    var guards =
        List.of(
            new Guard(new Query(EventMetadata.DEFAULT_WORKSPACE, depended), decision.marker()),
            new Guard(Query.of(EventMetadata.DEFAULT_WORKSPACE, once), 0));
    return append(
        guards,
        "registry",
        new ModelVersionPromoted(
            decision.promotion(),
            decision.version(),
            decision.model(),
            decision.environment(),
            decision.decision(),
            decision.contentDigest(),
            decision.policyDigest()));
  }

  private long append(String actor, Event... events) {
    return append(List.of(), actor, events);
  }

  private long append(List<Guard> guards, String actor, Event... events) {
    return append(log, guards, actor, events);
  }

  /** Appends in the name of a person; answers the position of the last event. */
  public static long append(EventLog log, List<Guard> guards, String actor, Event... events) {
    var metadata =
        EventMetadata.of(
            EventMetadata.DEFAULT_WORKSPACE, new Actor(actor, Actor.Kind.PERSON), "a-request");
    return log.append(
            new Append(
                Arrays.stream(events)
                    .map(event -> new NewEvent(UUID.randomUUID(), event, Set.of(), metadata))
                    .toList(),
                guards))
        .join()
        .lastPosition();
  }

  private static Sha256 digest(String of) {
    return Sha256.of(of.getBytes(StandardCharsets.UTF_8));
  }
}
