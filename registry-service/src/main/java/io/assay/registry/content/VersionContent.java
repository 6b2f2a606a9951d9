package io.assay.registry.content;

import io.assay.contracts.ContentDigest;
import io.assay.contracts.DatasetVersionId;
import io.assay.contracts.Sha256;
import io.assay.contracts.VersionEvent.Artifact;
import io.assay.contracts.VersionEvent.ArtifactStored;
import io.assay.contracts.VersionEvent.ModelVersionArchived;
import io.assay.contracts.VersionEvent.ModelVersionBiasEvaluated;
import io.assay.contracts.VersionEvent.ModelVersionEvaluated;
import io.assay.contracts.VersionEvent.ModelVersionQuarantined;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.contracts.VersionId;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.RecordedEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A version and the evidence about it, folded from the log.
 *
 * @param version its registration; null while it is unknown
 * @param stored paths whose bytes were received
 * @param evaluations digests by id
 * @param biasEvaluations digests by id
 * @param measuredOn the dataset versions of the evaluations of both kinds
 * @param usable false once it is quarantined or archived
 */
public record VersionContent(
    @Nullable ModelVersionRegistered version,
    Set<String> stored,
    Map<UUID, Sha256> evaluations,
    Map<UUID, Sha256> biasEvaluations,
    Set<DatasetVersionId> measuredOn,
    boolean usable) {

  /** The types that it is folded from; all bear the tag of the version. */
  public static final List<String> TYPES =
      List.of(
          "ModelVersionRegistered",
          "ArtifactStored",
          "ModelVersionEvaluated",
          "ModelVersionBiasEvaluated",
          "ModelVersionQuarantined",
          "ModelVersionArchived");

  public static final VersionContent UNKNOWN =
      new VersionContent(null, Set.of(), Map.of(), Map.of(), Set.of(), true);

  /** Matches every event of the version that this is folded from. */
  public static Criterion criterion(VersionId version) {
    return new Criterion(Set.of(version.tag()), Set.copyOf(TYPES));
  }

  public VersionContent evolve(RecordedEvent event) {
    return switch (event.event()) {
      case ModelVersionRegistered e ->
          new VersionContent(e, stored, evaluations, biasEvaluations, measuredOn, usable);
      case ArtifactStored e ->
          new VersionContent(
              version, with(stored, e.path()), evaluations, biasEvaluations, measuredOn, usable);
      case ModelVersionEvaluated e ->
          new VersionContent(
              version,
              stored,
              with(evaluations, e.evaluation().value(), e.digest()),
              biasEvaluations,
              with(measuredOn, e.datasetVersion()),
              usable);
      case ModelVersionBiasEvaluated e ->
          new VersionContent(
              version,
              stored,
              evaluations,
              with(biasEvaluations, e.biasEvaluation().value(), e.digest()),
              with(measuredOn, e.datasetVersion()),
              usable);
      case ModelVersionQuarantined e -> unusable();
      case ModelVersionArchived e -> unusable();
      default -> this;
    };
  }

  /** Paths of the manifest whose bytes were not received yet. */
  public List<String> missing() {
    return version == null
        ? List.of()
        : version.artifacts().stream()
            .map(Artifact::path)
            .filter(path -> !stored.contains(path))
            .sorted()
            .toList();
  }

  /**
   * Whether the content was computed from exactly this. The digests of dataset versions never
   * change, and which of them there are follows from the version and its evaluations.
   */
  public boolean agreesWith(ContentDigest content) {
    return version != null
        && version.manifestDigest().equals(content.manifest())
        && evaluations.equals(content.evaluations())
        && biasEvaluations.equals(content.biasEvaluations());
  }

  private VersionContent unusable() {
    return new VersionContent(version, stored, evaluations, biasEvaluations, measuredOn, false);
  }

  private static <T> Set<T> with(Set<T> some, T one) {
    var more = new HashSet<>(some);
    more.add(one);
    return Set.copyOf(more);
  }

  private static <K, V> Map<K, V> with(Map<K, V> some, K key, V value) {
    var more = new HashMap<>(some);
    more.put(key, value);
    return Map.copyOf(more);
  }
}
