package io.assay.registry.biasevaluatemodelversion;

import io.assay.contracts.VersionEvent.BiasMetric;
import io.assay.platform.problem.Rejection;
import io.assay.registry.fairness.Measure;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Compares what a client claims with what was computed. */
final class ClaimedMetrics {

  /** Clients compute with doubles; a different figure differs by more. */
  private static final double TOLERANCE = 1e-9;

  private ClaimedMetrics() {}

  /**
   * The claims that are not what was computed. A measure that is reported group by group is claimed
   * by its least value.
   */
  static Optional<Rejection> mismatch(Map<String, Double> claimed, List<BiasMetric> computed) {
    Rejection rejection = null;
    for (var claim : new TreeMap<>(claimed).entrySet()) {
      var fault = fault(claim.getKey(), claim.getValue(), computed);
      if (fault.isPresent()) {
        rejection =
            (rejection == null
                    ? Rejection.of("unacceptable", "A claimed metric is not what the counts give.")
                    : rejection)
                .at("/claimed/" + escaped(claim.getKey()), fault.get());
      }
    }
    return Optional.ofNullable(rejection);
  }

  private static Optional<String> fault(String name, double claim, List<BiasMetric> computed) {
    if (Measure.parse(name).isEmpty()) {
      return Optional.of("There is no such metric.");
    }
    var estimate =
        computed.stream()
            .filter(metric -> metric.name().equals(name))
            .map(BiasMetric::estimate)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder());
    if (estimate.isEmpty()) {
      return Optional.of("The counts give no value: a denominator is 0, or nothing refers to it.");
    }
    return Math.abs(estimate.get() - claim) <= TOLERANCE
        ? Optional.empty()
        : Optional.of("Claimed is " + claim + "; the counts give " + estimate.get() + ".");
  }

  private static String escaped(String member) {
    return member.replace("~", "~0").replace("/", "~1");
  }
}
