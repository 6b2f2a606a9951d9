package io.assay.policy.conditions;

import io.assay.contracts.DatasetEvent.ValidationReport;
import io.assay.contracts.RunEvent;
import io.assay.contracts.VersionEvent.BiasMetric;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the log holds about one model version, as conditions see it. Every item bears the position
 * of its event.
 *
 * @param run the training run; absent where none was named
 * @param evaluations in the order of the log
 * @param biasEvaluations in the order of the log
 * @param unusable position of what made the version unusable: quarantined or archived
 */
public record Evidence(
    Model model,
    Artifacts artifacts,
    @Nullable Run run,
    List<Dataset> datasets,
    List<Evaluation> evaluations,
    List<BiasEvaluation> biasEvaluations,
    @Nullable Long unusable) {

  /** The model and its risk tier, in the spelling of the wire. */
  public record Model(long position, String kind, String riskTier) {}

  /**
   * The files of the manifest.
   *
   * @param positions the registration and every file stored
   * @param missing paths that were not stored
   */
  public record Artifacts(List<Long> positions, List<String> missing) {}

  /** The training run; without outcome while it has not ended. */
  public record Run(long position, RunEvent.@Nullable Outcome outcome) {}

  /** A dataset version behind the run or an evaluation. */
  public record Dataset(long position, @Nullable ValidationReport validation) {}

  /** Measured results. */
  public record Evaluation(long position, Instant measuredAt, Map<String, Double> metrics) {}

  /** Measured results by group of people. */
  public record BiasEvaluation(
      long position, Instant measuredAt, String attribute, List<BiasMetric> metrics) {}

  public Evidence {
    datasets = List.copyOf(datasets);
    evaluations = List.copyOf(evaluations);
    biasEvaluations = List.copyOf(biasEvaluations);
  }
}
