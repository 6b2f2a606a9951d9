package io.assay.registry.biasevaluatemodelversion;

import io.assay.contracts.BiasEvaluationId;
import io.assay.contracts.DatasetVersionId;
import io.assay.contracts.EventJson;
import io.assay.contracts.ModelId;
import io.assay.contracts.RunId;
import io.assay.contracts.Sha256;
import io.assay.contracts.VersionEvent.GroupCounts;
import io.assay.contracts.VersionId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Confusion counts by group of people were measured for a version on a dataset version.
 *
 * @param claimed metrics that the client computed, by name
 */
public record BiasEvaluateModelVersion(
    BiasEvaluationId biasEvaluation,
    VersionId version,
    ModelId model,
    DatasetVersionId datasetVersion,
    @Nullable RunId run,
    String attribute,
    @Nullable String referenceGroup,
    List<GroupCounts> groups,
    Map<String, Double> claimed,
    Instant evaluatedAt) {

  /** What the evaluation says, whatever its id; the metrics follow from it. */
  record Content(
      VersionId version,
      DatasetVersionId datasetVersion,
      @Nullable RunId run,
      String attribute,
      @Nullable String referenceGroup,
      List<GroupCounts> groups,
      Instant evaluatedAt) {}

  Sha256 digest() {
    return Sha256.of(
        EventJson.canonical(
            new Content(
                version, datasetVersion, run, attribute, referenceGroup, groups, evaluatedAt)));
  }
}
