package io.assay.registry.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class IntervalPropertiesTest {

  @Property
  void wilsonContainsTheRateAndStaysBetweenNoughtAndOne(@ForAll("proportions") Proportion p) {
    var interval = Interval.wilson(p);
    assertThat(p.value()).isBetween(interval.lower(), interval.upper());
    assertThat(interval.lower()).isBetween(0.0, 1.0);
    assertThat(interval.upper()).isBetween(0.0, 1.0);
  }

  @Property
  void newcombeContainsTheDifferenceAndMirrorsWhenTheGroupsAreSwapped(
      @ForAll("proportions") Proportion p, @ForAll("proportions") Proportion q) {
    var interval = Interval.newcombe(p, q);
    var swapped = Interval.newcombe(q, p);
    assertThat(p.value() - q.value()).isBetween(interval.lower(), interval.upper());
    assertThat(swapped.lower()).isCloseTo(-interval.upper(), within(1e-12));
    assertThat(swapped.upper()).isCloseTo(-interval.lower(), within(1e-12));
  }

  @Property
  void katzContainsTheRatioAndInvertsWhenTheGroupsAreSwapped(
      @ForAll("proportions") Proportion p, @ForAll("proportions") Proportion q) {
    Assume.that(q.numerator() > 0);
    var interval = Interval.katz(p, q);
    assertThat(p.value() / q.value()).isBetween(interval.lower(), interval.upper());
    if (p.numerator() > 0) {
      var swapped = Interval.katz(q, p);
      assertThat(swapped.lower() * interval.upper()).isCloseTo(1, within(1e-9));
      assertThat(swapped.upper() * interval.lower()).isCloseTo(1, within(1e-9));
    }
  }

  @Property
  void morePeopleNarrowTheIntervalOfTheSameRate(@ForAll("proportions") Proportion p) {
    var few = Interval.wilson(p);
    var many = Interval.wilson(new Proportion(p.numerator() * 100, p.denominator() * 100));
    assertThat(many.upper() - many.lower()).isLessThan(few.upper() - few.lower());
  }

  @Example
  void newcombesPublishedExampleIsReproduced() {
    // Newcombe 1998, Statistics in Medicine 17:873, table II, contrast (a): 56/70 and 48/80.
    var interval = Interval.newcombe(new Proportion(56, 70), new Proportion(48, 80));
    assertThat(interval.lower()).isCloseTo(0.0524, within(5e-5));
    assertThat(interval.upper()).isCloseTo(0.3339, within(5e-5));
  }

  @Provide
  Arbitrary<Proportion> proportions() {
    return Arbitraries.longs()
        .between(1, 1_000_000)
        .flatMap(n -> Arbitraries.longs().between(0, n).map(x -> new Proportion(x, n)));
  }
}
