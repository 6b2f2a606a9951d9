package io.assay.registry.evaluatemodelversion;

import io.assay.contracts.DatasetVersionId;
import io.assay.contracts.EvaluationId;
import io.assay.contracts.EventJson;
import io.assay.contracts.ModelId;
import io.assay.contracts.RunId;
import io.assay.contracts.Sha256;
import io.assay.contracts.VersionId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Results were measured for a version on a dataset version. */
public record EvaluateModelVersion(
    EvaluationId evaluation,
    VersionId version,
    ModelId model,
    DatasetVersionId datasetVersion,
    @Nullable RunId run,
    @Nullable VersionId baseline,
    Map<String, Double> metrics,
    Instant evaluatedAt) {

  /** What the evaluation says, whatever its id. */
  record Content(
      VersionId version,
      DatasetVersionId datasetVersion,
      @Nullable RunId run,
      @Nullable VersionId baseline,
      Map<String, Double> metrics,
      Instant evaluatedAt) {}

  Sha256 digest() {
    return Sha256.of(
        EventJson.canonical(
            new Content(version, datasetVersion, run, baseline, metrics, evaluatedAt)));
  }
}
