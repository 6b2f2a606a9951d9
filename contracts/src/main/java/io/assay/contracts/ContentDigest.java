package io.assay.contracts;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What exactly is promoted: the version's manifest and all the evidence at that moment.
 *
 * @param manifest the version's artifact manifest digest
 * @param evaluations digests of its evaluations by id
 * @param biasEvaluations digests of its bias evaluations by id
 * @param datasetVersions digests of the dataset versions behind its run and its evaluations, by id
 */
public record ContentDigest(
    Sha256 manifest,
    SortedMap<UUID, Sha256> evaluations,
    SortedMap<UUID, Sha256> biasEvaluations,
    SortedMap<UUID, Sha256> datasetVersions) {

  public ContentDigest(
      Sha256 manifest,
      Map<UUID, Sha256> evaluations,
      Map<UUID, Sha256> biasEvaluations,
      Map<UUID, Sha256> datasetVersions) {
    this(
        manifest,
        new TreeMap<>(evaluations),
        new TreeMap<>(biasEvaluations),
        new TreeMap<>(datasetVersions));
  }

  /** SHA-256 over the canonical JSON of all of it. */
  public Sha256 digest() {
    return Sha256.of(EventJson.canonical(this));
  }

  /** The digest of an artifact manifest: its entries in the order of their paths. */
  public static Sha256 ofManifest(List<VersionEvent.Artifact> artifacts) {
    return Sha256.of(
        EventJson.canonical(
            artifacts.stream()
                .sorted(java.util.Comparator.comparing(VersionEvent.Artifact::path))
                .toList()));
  }
}
