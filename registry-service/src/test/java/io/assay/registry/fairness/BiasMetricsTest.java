package io.assay.registry.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.assay.contracts.VersionEvent.BiasMetric;
import io.assay.contracts.VersionEvent.BiasVerdict;
import io.assay.contracts.VersionEvent.GroupCounts;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class BiasMetricsTest {

  /** ProPublica 2016, two-year recidivism, medium or high against low. */
  private static final List<GroupCounts> COMPAS =
      List.of(
          new GroupCounts("African-American", 1369, 805, 532, 990),
          new GroupCounts("white", 505, 349, 461, 1139));

  @Example
  void theFiguresOfCompasGiveThePublishedPredictiveParity() {
    var metric = metric(COMPAS, "predictive-parity-difference");
    assertThat(metric.estimate()).isCloseTo(0.038, within(5e-4));
    assertThat(metric.lower()).isCloseTo(0.000, within(5e-4));
    assertThat(metric.upper()).isCloseTo(0.077, within(5e-4));
    assertThat(metric.method()).isEqualTo("newcombe");
    assertThat(metric.smallestDenominator()).isEqualTo(854);
  }

  @Example
  void theFiguresOfCompasMissEqualizedOddsAndTheFourFifthsRule() {
    assertThat(metric(COMPAS, "equalized-odds-difference").exact())
        .isEqualTo(Ratio.of(805, 1795).minus(Ratio.of(349, 1488)).toString());
    var ratio = metric(COMPAS, "demographic-parity-ratio");
    assertThat(ratio.estimate()).isCloseTo(0.5916, within(5e-5));
    assertThat(ratio.verdict()).isEqualTo(BiasVerdict.FAIL);
  }

  @Example
  void fourTwelfthsAgainstFiveTwelfthsPassesTheFourFifthsRule() {
    var groups = List.of(new GroupCounts("a", 40, 0, 80, 0), new GroupCounts("b", 50, 0, 70, 0));
    var ratio = metric(groups, "demographic-parity-ratio");
    assertThat(ratio.exact()).isEqualTo("4/5");
    assertThat(ratio.verdict()).isEqualTo(BiasVerdict.PASS);
  }

  @Example
  void anEmptyDenominatorIsNeverFair() {
    var groups =
        List.of(new GroupCounts("a", 100, 100, 100, 100), new GroupCounts("b", 0, 0, 100, 100));
    var metric = metric(groups, "predictive-parity-difference");
    assertThat(metric.estimate()).isNull();
    assertThat(metric.exact()).isNull();
    assertThat(metric.verdict()).isEqualTo(BiasVerdict.INSUFFICIENT_EVIDENCE);
  }

  @Example
  void tooFewPeopleAreNoEvidenceEvenWhereTheEstimateLooksFair() {
    var groups = List.of(new GroupCounts("a", 5, 5, 5, 5), new GroupCounts("b", 5, 5, 5, 5));
    assertThat(BiasMetrics.of(groups, "a"))
        .allSatisfy(
            metric -> assertThat(metric.verdict()).isEqualTo(BiasVerdict.INSUFFICIENT_EVIDENCE));
  }

  @Example
  void oddsThatDifferInOppositeDirectionsDoNotCancel() {
    var groups =
        List.of(new GroupCounts("a", 80, 20, 20, 80), new GroupCounts("b", 60, 40, 40, 60));
    assertThat(metric(groups, "average-absolute-odds-difference").exact()).isEqualTo("1/5");
  }

  @Example
  void disparateImpactIsMeasuredAgainstTheReferenceGroupOnly() {
    var metrics =
        BiasMetrics.of(COMPAS, "white").stream()
            .filter(metric -> metric.name().equals("disparate-impact"))
            .toList();
    assertThat(metrics).hasSize(1);
    assertThat(metrics.getFirst().group()).isEqualTo("African-American");
    assertThat(metrics.getFirst().reference()).isEqualTo("white");
    assertThat(metrics.getFirst().estimate()).isGreaterThan(1);
  }

  @Property(tries = 300)
  void everyEstimateLiesInItsInterval(@ForAll("evaluations") List<GroupCounts> groups) {
    for (var metric : BiasMetrics.of(groups, groups.getFirst().group())) {
      if (metric.estimate() != null && metric.lower() != null) {
        assertThat(metric.estimate()).isBetween(metric.lower(), metric.upper());
      }
      assertThat(metric.estimate() == null).isEqualTo(metric.exact() == null);
    }
  }

  @Property(tries = 300)
  void theOrderOfTheGroupsChangesNoMetricOverAllGroups(
      @ForAll("evaluations") List<GroupCounts> groups) {
    var reversed = groups.reversed();
    for (var measure : Measure.values()) {
      if (measure != Measure.IMPACT_RATIO && measure != Measure.DISPARATE_IMPACT) {
        assertThat(metric(reversed, measure.spelling()).exact())
            .isEqualTo(metric(groups, measure.spelling()).exact());
      }
    }
  }

  @Property(tries = 300)
  void equalGroupsDifferByNothing(@ForAll("counts") GroupCounts counts) {
    var groups = List.of(counts, renamed(counts, "other"));
    for (var metric : BiasMetrics.of(groups, null)) {
      if (metric.exact() != null) {
        assertThat(metric.exact()).isIn("0/1", "1/1");
      }
    }
  }

  private static BiasMetric metric(List<GroupCounts> groups, String name) {
    return BiasMetrics.of(groups, null).stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static GroupCounts renamed(GroupCounts counts, String name) {
    return new GroupCounts(
        name,
        counts.truePositives(),
        counts.falsePositives(),
        counts.falseNegatives(),
        counts.trueNegatives());
  }

  @Provide
  Arbitrary<GroupCounts> counts() {
    var count = Arbitraries.longs().between(0, 5000);
    return Combinators.combine(count, count, count, count)
        .as((tp, fp, fn, tn) -> new GroupCounts("one", tp, fp, fn, tn));
  }

  @Provide
  Arbitrary<List<GroupCounts>> evaluations() {
    return counts()
        .list()
        .ofMinSize(2)
        .ofMaxSize(5)
        .map(
            list -> {
              var named = new java.util.ArrayList<GroupCounts>();
              for (int i = 0; i < list.size(); i++) {
                named.add(renamed(list.get(i), "group-" + i));
              }
              return Collections.unmodifiableList(named);
            });
  }
}
