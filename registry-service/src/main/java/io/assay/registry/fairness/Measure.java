package io.assay.registry.fairness;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The measures of difference between groups, in the order in which they are reported. */
public enum Measure {
  DEMOGRAPHIC_PARITY_DIFFERENCE,
  DEMOGRAPHIC_PARITY_RATIO,
  EQUALIZED_ODDS_DIFFERENCE,
  EQUALIZED_ODDS_MEAN_DIFFERENCE,
  EQUALIZED_ODDS_RATIO,
  EQUAL_OPPORTUNITY_DIFFERENCE,
  PREDICTIVE_PARITY_DIFFERENCE,
  DISPARATE_IMPACT,
  AVERAGE_ABSOLUTE_ODDS_DIFFERENCE,
  IMPACT_RATIO;

  /**
   * Below so many people behind any of the rates a measure says nothing: with fewer than about 30
   * the 95 % interval of a rate near one half is wider than ±0.17.
   */
  private static final long MINIMUM_DENOMINATOR = 30;

  /** The four-fifths rule of the Uniform Guidelines on Employee Selection Procedures (1978). */
  static final Ratio FOUR_FIFTHS = Ratio.of(4, 5);

  /** The spelling on the wire. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<Measure> parse(String spelling) {
    return Arrays.stream(values()).filter(m -> m.spelling().equals(spelling)).findFirst();
  }

  /** The smallest denominator of a rate with which this measure says anything. */
  public long minimumDenominator() {
    return MINIMUM_DENOMINATOR;
  }

  /** Whether it is a ratio of selection rates, which the four-fifths rule judges. */
  boolean fourFifths() {
    return switch (this) {
      case DEMOGRAPHIC_PARITY_RATIO, DISPARATE_IMPACT, IMPACT_RATIO -> true;
      case DEMOGRAPHIC_PARITY_DIFFERENCE,
          EQUALIZED_ODDS_DIFFERENCE,
          EQUALIZED_ODDS_MEAN_DIFFERENCE,
          EQUALIZED_ODDS_RATIO,
          EQUAL_OPPORTUNITY_DIFFERENCE,
          PREDICTIVE_PARITY_DIFFERENCE,
          AVERAGE_ABSOLUTE_ODDS_DIFFERENCE ->
          false;
    };
  }
}
