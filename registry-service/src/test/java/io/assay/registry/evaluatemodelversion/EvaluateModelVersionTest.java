package io.assay.registry.evaluatemodelversion;

import static io.assay.registry.testing.Examples.DATASET_VERSION;
import static io.assay.registry.testing.Examples.DATASET_VERSION_REGISTERED;
import static io.assay.registry.testing.Examples.EVALUATION;
import static io.assay.registry.testing.Examples.MODEL;
import static io.assay.registry.testing.Examples.NOW;
import static io.assay.registry.testing.Examples.OTHER_VERSION;
import static io.assay.registry.testing.Examples.RUN;
import static io.assay.registry.testing.Examples.VERSION;
import static io.assay.registry.testing.Examples.VERSION_REGISTERED;
import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.EvaluationId;
import io.assay.contracts.RunId;
import io.assay.contracts.VersionEvent.ModelVersionEvaluated;
import io.assay.contracts.VersionId;
import io.assay.platform.testing.DeciderFixture;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EvaluateModelVersionTest {

  @Test
  void resultsAreRecordedWithTheDigestOfWhatTheySay() {
    var command = evaluate(null, null);
    DeciderFixture.of(new EvaluateModelVersionDecider())
        .given(VERSION_REGISTERED, DATASET_VERSION_REGISTERED)
        .when(command)
        .then(
            new ModelVersionEvaluated(
                EVALUATION,
                VERSION,
                MODEL,
                DATASET_VERSION,
                null,
                null,
                Map.of("auc", 0.7),
                NOW,
                command.digest()));
  }

  @Test
  void theDigestIsOfTheContentAndNotOfTheId() {
    var again =
        new EvaluateModelVersion(
            new EvaluationId(UUID.randomUUID()),
            VERSION,
            MODEL,
            DATASET_VERSION,
            null,
            null,
            Map.of("auc", 0.7),
            NOW);
    assertThat(again.digest()).isEqualTo(evaluate(null, null).digest());
    assertThat(evaluate(RUN, null).digest()).isNotEqualTo(again.digest());
  }

  @Test
  void everyUnknownReferenceIsNamed() {
    var fixture = DeciderFixture.of(new EvaluateModelVersionDecider()).given(VERSION_REGISTERED);
    fixture.when(evaluate(null, null)).thenRejected("unknown-reference", "/datasetVersion");
    fixture.given(DATASET_VERSION_REGISTERED);
    fixture.when(evaluate(RUN, null)).thenRejected("unknown-reference", "/run");
    fixture.when(evaluate(null, OTHER_VERSION)).thenRejected("unknown-reference", "/baseline");
  }

  @Test
  void anUnknownVersionIsNotFound() {
    DeciderFixture.of(new EvaluateModelVersionDecider())
        .given(DATASET_VERSION_REGISTERED)
        .when(evaluate(null, null))
        .thenRejected("not-found");
  }

  private static EvaluateModelVersion evaluate(@Nullable RunId run, @Nullable VersionId baseline) {
    return new EvaluateModelVersion(
        EVALUATION, VERSION, MODEL, DATASET_VERSION, run, baseline, Map.of("auc", 0.7), NOW);
  }
}
