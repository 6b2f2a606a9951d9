package io.assay.registry.fairness;

import static io.assay.registry.fairness.Measure.AVERAGE_ABSOLUTE_ODDS_DIFFERENCE;
import static io.assay.registry.fairness.Measure.DEMOGRAPHIC_PARITY_DIFFERENCE;
import static io.assay.registry.fairness.Measure.DEMOGRAPHIC_PARITY_RATIO;
import static io.assay.registry.fairness.Measure.DISPARATE_IMPACT;
import static io.assay.registry.fairness.Measure.EQUALIZED_ODDS_DIFFERENCE;
import static io.assay.registry.fairness.Measure.EQUALIZED_ODDS_MEAN_DIFFERENCE;
import static io.assay.registry.fairness.Measure.EQUALIZED_ODDS_RATIO;
import static io.assay.registry.fairness.Measure.EQUAL_OPPORTUNITY_DIFFERENCE;
import static io.assay.registry.fairness.Measure.IMPACT_RATIO;
import static io.assay.registry.fairness.Measure.PREDICTIVE_PARITY_DIFFERENCE;
import static java.util.Comparator.comparing;

import io.assay.contracts.VersionEvent.BiasMetric;
import io.assay.contracts.VersionEvent.BiasVerdict;
import io.assay.contracts.VersionEvent.GroupCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All measures of one bias evaluation.
 *
 * <p>A measure over all groups needs every group: one empty denominator leaves it without estimate
 * and with the verdict that the evidence is insufficient.
 */
public final class BiasMetrics {

  /** A rate of a group, such as its selection rate. */
  private interface Rate extends Function<Confusion, Proportion> {}

  /** An estimate with its interval, before it is reported. */
  private record Estimate(Ratio exact, @Nullable Interval interval) {}

  private final List<Confusion> groups;
  private final List<BiasMetric> metrics = new ArrayList<>();

  private BiasMetrics(List<Confusion> groups) {
    this.groups = groups;
  }

  /**
   * Computes every measure.
   *
   * @param counts of at least two groups with different names
   * @param reference the group that disparate impact is measured against; null leaves it out
   */
  public static List<BiasMetric> of(List<GroupCounts> counts, @Nullable String reference) {
    var computed = new BiasMetrics(counts.stream().map(Confusion::of).toList());
    computed.overAll();
    if (reference != null) {
      computed.against(reference);
    }
    computed.impactRatios();
    return List.copyOf(computed.metrics);
  }

  private void overAll() {
    Rate selected = Confusion::selectionRate;
    Rate tpr = Confusion::truePositiveRate;
    Rate fpr = Confusion::falsePositiveRate;
    Rate ppv = Confusion::positivePredictiveValue;
    long people = smallest(selected);
    long labelled = Math.min(smallest(tpr), smallest(fpr));
    add(DEMOGRAPHIC_PARITY_DIFFERENCE, difference(selected), people);
    add(DEMOGRAPHIC_PARITY_RATIO, ratio(selected), people);
    add(EQUALIZED_ODDS_DIFFERENCE, greater(difference(tpr), difference(fpr)), labelled);
    add(EQUALIZED_ODDS_MEAN_DIFFERENCE, mean(difference(tpr), difference(fpr)), labelled);
    add(EQUALIZED_ODDS_RATIO, lesser(ratio(tpr), ratio(fpr)), labelled);
    add(EQUAL_OPPORTUNITY_DIFFERENCE, difference(tpr), smallest(tpr));
    add(PREDICTIVE_PARITY_DIFFERENCE, difference(ppv), smallest(ppv));
    add(AVERAGE_ABSOLUTE_ODDS_DIFFERENCE, widestOdds(), labelled);
  }

  private void against(String reference) {
    var measured = groups.stream().filter(g -> g.group().equals(reference)).findFirst();
    if (measured.isEmpty()) {
      throw new IllegalArgumentException("No group " + reference);
    }
    for (var group : groups) {
      if (!group.group().equals(reference)) {
        var selected = group.selectionRate();
        var base = measured.get().selectionRate();
        add(
            DISPARATE_IMPACT,
            group.group(),
            reference,
            quotient(selected, base),
            Math.min(selected.denominator(), base.denominator()));
        add(
            AVERAGE_ABSOLUTE_ODDS_DIFFERENCE,
            group.group(),
            reference,
            odds(group, measured.get()),
            Math.min(labelled(group), labelled(measured.get())));
      }
    }
  }

  private void impactRatios() {
    if (smallest(Confusion::selectionRate) == 0) {
      for (var group : groups) {
        add(IMPACT_RATIO, group.group(), null, null, 0);
      }
      return;
    }
    var highest = highest(Confusion::selectionRate);
    for (var group : groups) {
      var quotient = quotient(group.selectionRate(), highest.selectionRate());
      boolean itself = group.equals(highest);
      add(
          IMPACT_RATIO,
          group.group(),
          highest.group(),
          quotient == null || !itself ? quotient : new Estimate(quotient.exact, null),
          Math.min(group.size(), highest.size()));
    }
  }

  private @Nullable Estimate difference(Rate rate) {
    return smallest(rate) == 0
        ? null
        : difference(rate.apply(highest(rate)), rate.apply(lowest(rate)));
  }

  private @Nullable Estimate ratio(Rate rate) {
    return smallest(rate) == 0
        ? null
        : quotient(rate.apply(lowest(rate)), rate.apply(highest(rate)));
  }

  private static Estimate difference(Proportion p, Proportion q) {
    return new Estimate(rate(p).minus(rate(q)), Interval.newcombe(p, q));
  }

  private static @Nullable Estimate quotient(Proportion p, Proportion q) {
    return p.denominator() == 0 || q.numerator() == 0
        ? null
        : new Estimate(rate(p).dividedBy(rate(q)), Interval.katz(p, q));
  }

  private @Nullable Estimate widestOdds() {
    Estimate widest = null;
    for (int i = 0; i < groups.size(); i++) {
      for (int j = i + 1; j < groups.size(); j++) {
        var odds = odds(groups.get(i), groups.get(j));
        if (odds == null) {
          return null;
        }
        widest = widest == null ? odds : greater(widest, odds);
      }
    }
    return widest;
  }

  private static @Nullable Estimate odds(Confusion a, Confusion b) {
    if (labelled(a) == 0 || labelled(b) == 0) {
      return null;
    }
    return mean(
        distance(a.truePositiveRate(), b.truePositiveRate()),
        distance(a.falsePositiveRate(), b.falsePositiveRate()));
  }

  /** The absolute difference: the signed form can cancel to 0. */
  private static Estimate distance(Proportion p, Proportion q) {
    return rate(p).compareTo(rate(q)) >= 0 ? difference(p, q) : difference(q, p);
  }

  private static @Nullable Estimate mean(@Nullable Estimate a, @Nullable Estimate b) {
    if (a == null || b == null || a.interval == null || b.interval == null) {
      return null;
    }
    return new Estimate(
        a.exact.plus(b.exact).half(),
        Interval.mean(a.exact.toDouble(), a.interval, b.exact.toDouble(), b.interval));
  }

  private static @Nullable Estimate greater(@Nullable Estimate a, @Nullable Estimate b) {
    return a == null || b == null ? null : a.exact.compareTo(b.exact) >= 0 ? a : b;
  }

  private static @Nullable Estimate lesser(@Nullable Estimate a, @Nullable Estimate b) {
    return a == null || b == null ? null : a.exact.compareTo(b.exact) <= 0 ? a : b;
  }

  private static long labelled(Confusion group) {
    return Math.min(
        group.truePositiveRate().denominator(), group.falsePositiveRate().denominator());
  }

  private long smallest(Rate rate) {
    return groups.stream().mapToLong(group -> rate.apply(group).denominator()).min().orElse(0);
  }

  private Confusion highest(Rate rate) {
    return groups.stream().max(comparing(group -> rate(rate.apply(group)))).orElseThrow();
  }

  private Confusion lowest(Rate rate) {
    return groups.stream().min(comparing(group -> rate(rate.apply(group)))).orElseThrow();
  }

  private static Ratio rate(Proportion p) {
    return p.rate().orElseThrow();
  }

  private void add(Measure measure, @Nullable Estimate estimate, long denominator) {
    add(measure, null, null, estimate, denominator);
  }

  private void add(
      Measure measure,
      @Nullable String group,
      @Nullable String reference,
      @Nullable Estimate estimate,
      long denominator) {
    var exact = estimate == null ? null : estimate.exact;
    var interval = estimate == null ? null : estimate.interval;
    metrics.add(
        new BiasMetric(
            measure.spelling(),
            group,
            reference,
            exact == null ? null : Objects.toString(exact),
            exact == null ? null : exact.toDouble(),
            interval == null ? null : interval.lower(),
            interval == null ? null : interval.upper(),
            interval == null ? null : interval.method().spelling(),
            denominator,
            verdict(measure, exact, denominator)));
  }

  private static @Nullable BiasVerdict verdict(
      Measure measure, @Nullable Ratio exact, long denominator) {
    if (exact == null || denominator < measure.minimumDenominator()) {
      return BiasVerdict.INSUFFICIENT_EVIDENCE;
    }
    if (!measure.fourFifths()) {
      return null;
    }
    return exact.compareTo(Measure.FOUR_FIFTHS) >= 0 ? BiasVerdict.PASS : BiasVerdict.FAIL;
  }
}
