package io.assay.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A subject and its anchor, measured in turns.
 *
 * @param name the row of the table
 * @param anchor what a second of the anchor is
 * @param subject what a second of the subject is
 */
record Paired(String name, String anchor, String subject, Measurement ofAnchor, Measurement of) {

  /** Of the rounds that are asked for, so many times as many are tried where the machine sways. */
  private static final int TRIES = 2;

  /** Measures steps a second, once. */
  @FunctionalInterface
  interface Measurement {
    double perSecond() throws Exception;
  }

  /** Observes something besides, after each measurement of the subject. */
  @FunctionalInterface
  interface Besides {
    Map<String, Double> observed() throws Exception;
  }

  /** Measures until so many rounds were steady, or it was tried often enough. */
  Report.Row measure(int rounds, Besides besides, Consumer<String> progress) throws Exception {
    var measured = new ArrayList<Round>();
    while (measured.stream().filter(Round::steady).count() < rounds
        && measured.size() < TRIES * rounds) {
      double before = ofAnchor.perSecond();
      double steps = of.perSecond();
      var observed = besides.observed();
      var round = new Round(before, steps, ofAnchor.perSecond(), observed);
      measured.add(round);
      progress.accept(
          "%s, round %d: %s %s/s over %s and %s %s/s: %s"
              .formatted(
                  name,
                  measured.size(),
                  Report.figure(round.subject()),
                  subject,
                  Report.figure(round.before()),
                  Report.figure(round.after()),
                  anchor,
                  round.steady() ? "%.2f".formatted(round.ratio()) : "void"));
    }
    return new Report.Row(name, anchor, subject, List.copyOf(measured));
  }
}
