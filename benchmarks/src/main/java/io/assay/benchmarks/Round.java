package io.assay.benchmarks;

import java.util.Map;

/**
 * Steps a second of what is measured, between two measurements of what it is measured against.
 *
 * @param before the anchor just before the subject
 * @param after the anchor just after it
 * @param besides what else was observed, by name
 */
record Round(double before, double subject, double after, Map<String, Double> besides) {

  /** Anchors further apart than this say that the machine changed meanwhile. */
  private static final double STEADY = 1.25;

  Round {
    besides = Map.copyOf(besides);
  }

  double anchor() {
    return (before + after) / 2;
  }

  double ratio() {
    return subject / anchor();
  }

  /** Whether it counts. */
  boolean steady() {
    return Math.max(before, after) <= STEADY * Math.min(before, after);
  }
}
