package io.assay.registry.fairness;

import java.util.Optional;

/** So many of so many. An empty denominator has no rate, and is never fair. */
public record Proportion(long numerator, long denominator) {

  public Proportion {
    if (numerator < 0 || denominator < numerator) {
      throw new IllegalArgumentException(
          "A proportion is between 0 and 1, not " + numerator + "/" + denominator);
    }
  }

  public Optional<Ratio> rate() {
    return denominator == 0 ? Optional.empty() : Optional.of(Ratio.of(numerator, denominator));
  }

  double value() {
    return (double) numerator / denominator;
  }
}
