package io.assay.contracts;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What happens to model versions. A version is immutable; its number is its rank among its model's
 * registrations in the log.
 */
public sealed interface VersionEvent extends Event {

  /** One file of a version; {@code size} in bytes. */
  record Artifact(String path, Sha256 digest, long size, String mediaType) {}

  /** The confusion counts of one group of a protected attribute. */
  record GroupCounts(
      String group,
      long truePositives,
      long falsePositives,
      long falseNegatives,
      long trueNegatives) {}

  /**
   * One bias metric with its 95 % interval.
   *
   * @param group the group compared; absent where the metric is over the extremes of all groups
   * @param reference the group that it is compared with
   * @param exact the estimate as a reduced fraction {@code n/d}, absent where a denominator is
   *     empty
   * @param estimate the nearest double of {@code exact}
   * @param method how the interval was computed: wilson, katz, newcombe
   * @param smallestDenominator the smallest group denominator behind the metric
   * @param verdict by the four-fifths rule where the metric is a ratio of selection rates; absent
   *     where no rule of its own belongs to the metric and the evidence suffices
   */
  record BiasMetric(
      String name,
      @Nullable String group,
      @Nullable String reference,
      @Nullable String exact,
      @Nullable Double estimate,
      @Nullable Double lower,
      @Nullable Double upper,
      @Nullable String method,
      long smallestDenominator,
      @Nullable BiasVerdict verdict) {}

  /** What a bias metric says by the rule that belongs to it. */
  enum BiasVerdict {
    PASS,
    FAIL,
    /** A denominator is empty or below the minimum. Never "fair". */
    INSUFFICIENT_EVIDENCE
  }

  /** A version, fixed by the digest of its artifact manifest. */
  @EventType(name = "ModelVersionRegistered", writer = Writer.REGISTRY)
  record ModelVersionRegistered(
      VersionId version,
      ModelId model,
      @Nullable RunId run,
      List<Artifact> artifacts,
      Sha256 manifestDigest,
      @Erasable @Nullable String description)
      implements VersionEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(version.tag(), model.tag());
    }
  }

  /** An artifact of the manifest has been received whole and its digest was right. */
  @EventType(name = "ArtifactStored", writer = Writer.REGISTRY)
  record ArtifactStored(VersionId version, ModelId model, String path, Sha256 digest, long size)
      implements VersionEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(version.tag(), model.tag());
    }
  }

  /** Results measured on a dataset version. */
  @EventType(name = "ModelVersionEvaluated", writer = Writer.REGISTRY)
  record ModelVersionEvaluated(
      EvaluationId evaluation,
      VersionId version,
      ModelId model,
      DatasetVersionId datasetVersion,
      @Nullable RunId run,
      @Nullable VersionId baseline,
      Map<String, Double> metrics,
      Instant evaluatedAt,
      Sha256 digest)
      implements VersionEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(evaluation.tag(), version.tag(), model.tag());
    }
  }

  /**
   * Results by group of people, computed by the service from the confusion counts.
   *
   * @param claimed what the client had computed, by name; it agreed
   */
  @EventType(name = "ModelVersionBiasEvaluated", writer = Writer.REGISTRY)
  record ModelVersionBiasEvaluated(
      BiasEvaluationId biasEvaluation,
      VersionId version,
      ModelId model,
      DatasetVersionId datasetVersion,
      @Nullable RunId run,
      String attribute,
      @Nullable String referenceGroup,
      List<GroupCounts> groups,
      List<BiasMetric> metrics,
      Map<String, Double> claimed,
      Instant evaluatedAt,
      Sha256 digest)
      implements VersionEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(biasEvaluation.tag(), version.tag(), model.tag());
    }
  }

  /** The version must not be promoted or deployed. */
  @EventType(name = "ModelVersionQuarantined", writer = Writer.REGISTRY)
  record ModelVersionQuarantined(
      VersionId version, ModelId model, @Erasable @Nullable String reason) implements VersionEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(version.tag(), model.tag());
    }
  }

  /** The version is no longer of use. */
  @EventType(name = "ModelVersionArchived", writer = Writer.REGISTRY)
  record ModelVersionArchived(VersionId version, ModelId model, @Erasable @Nullable String reason)
      implements VersionEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(version.tag(), model.tag());
    }
  }
}
