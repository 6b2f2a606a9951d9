package io.assay.registry.biasevaluatemodelversion;

import static io.assay.registry.testing.Examples.BIAS_EVALUATION;
import static io.assay.registry.testing.Examples.DATASET_VERSION;
import static io.assay.registry.testing.Examples.DATASET_VERSION_REGISTERED;
import static io.assay.registry.testing.Examples.MODEL;
import static io.assay.registry.testing.Examples.NOW;
import static io.assay.registry.testing.Examples.VERSION;
import static io.assay.registry.testing.Examples.VERSION_REGISTERED;

import io.assay.contracts.VersionEvent.GroupCounts;
import io.assay.contracts.VersionEvent.ModelVersionBiasEvaluated;
import io.assay.platform.testing.DeciderFixture;
import io.assay.registry.fairness.BiasMetrics;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BiasEvaluateModelVersionTest {

  private static final List<GroupCounts> COMPAS =
      List.of(
          new GroupCounts("African-American", 1369, 805, 532, 990),
          new GroupCounts("white", 505, 349, 461, 1139));

  @Test
  void theServiceComputesTheMetricsFromTheCounts() {
    var command = evaluate(COMPAS, "white", Map.of());
    given()
        .when(command)
        .then(
            new ModelVersionBiasEvaluated(
                BIAS_EVALUATION,
                VERSION,
                MODEL,
                DATASET_VERSION,
                null,
                "race",
                "white",
                COMPAS,
                BiasMetrics.of(COMPAS, "white"),
                Map.of(),
                NOW,
                command.digest()));
  }

  @Test
  void aClaimThatAgreesIsKeptAsClaimed() {
    double exact = 1369.0 / 2174 - 505.0 / 854;
    var claimed = Map.of("predictive-parity-difference", exact);
    given().when(evaluate(COMPAS, null, claimed)).answer();
  }

  @Test
  void aClaimThatDiffersIsRefusedAndNamed() {
    given()
        .when(evaluate(COMPAS, null, Map.of("predictive-parity-difference", 0.02)))
        .thenRejected("unacceptable", "/claimed/predictive-parity-difference");
  }

  @Test
  void aClaimOfNoKnownMetricIsRefusedAndNamed() {
    given()
        .when(evaluate(COMPAS, null, Map.of("fair/ness", 1.0)))
        .thenRejected("unacceptable", "/claimed/fair~1ness");
  }

  @Test
  void aGroupIsNamedOnce() {
    given()
        .when(evaluate(List.of(COMPAS.get(0), COMPAS.get(0)), null, Map.of()))
        .thenRejected("unacceptable", "/groups/1/group");
  }

  @Test
  void theReferenceGroupIsOneOfTheGroups() {
    given()
        .when(evaluate(COMPAS, "nobody", Map.of()))
        .thenRejected("unacceptable", "/referenceGroup");
  }

  @Test
  void anUnknownDatasetVersionIsNamed() {
    DeciderFixture.of(new BiasEvaluateModelVersionDecider())
        .given(VERSION_REGISTERED)
        .when(evaluate(COMPAS, null, Map.of()))
        .thenRejected("unknown-reference", "/datasetVersion");
  }

  private static DeciderFixture<BiasEvaluateModelVersion, ?, ?> given() {
    return DeciderFixture.of(new BiasEvaluateModelVersionDecider())
        .given(VERSION_REGISTERED, DATASET_VERSION_REGISTERED);
  }

  private static BiasEvaluateModelVersion evaluate(
      List<GroupCounts> groups, @Nullable String reference, Map<String, Double> claimed) {
    return new BiasEvaluateModelVersion(
        BIAS_EVALUATION,
        VERSION,
        MODEL,
        DATASET_VERSION,
        null,
        "race",
        reference,
        groups,
        claimed,
        NOW);
  }
}
