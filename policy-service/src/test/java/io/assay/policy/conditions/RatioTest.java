package io.assay.policy.conditions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RatioTest {

  @Test
  void fourTwelfthsAgainstFiveTwelfthsIsFourFifthsWhichDoublesDeny() {
    assertThat(Ratio.of(4L * 12, 12L * 5)).isEqualTo(Ratio.parse("4/5"));
    assertThat(4.0 / 12 / (5.0 / 12) >= 0.8).isFalse();
  }

  @Test
  void aDoubleIsTheDecimalThatItIsWrittenAs() {
    assertThat(Ratio.of(0.05)).isEqualTo(Ratio.parse("0.05")).isEqualTo(Ratio.parse("1/20"));
  }

  @Test
  void whatIsMissingNeverLooksLikeNothing() {
    assertThat(Ratio.parse("1/100000000").decimal()).isEqualTo("0");
    assertThat(Ratio.parse("1/100000000").decimalUp()).isEqualTo("0.000001");
  }

  @Test
  void otherSpellingsAreRefused() {
    for (var spelled : new String[] {"", "5%", "1e3", "1/0", ".5", "1/2/3", " 1", "NaN"}) {
      assertThatThrownBy(() -> Ratio.parse(spelled))
          .as(spelled)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Property
  void orderIsThatOfCrossProducts(
      @ForAll @IntRange(min = -500, max = 500) int a,
      @ForAll @IntRange(min = 1, max = 500) int b,
      @ForAll @IntRange(min = -500, max = 500) int c,
      @ForAll @IntRange(min = 1, max = 500) int d) {
    assertThat(Integer.signum(Ratio.of(a, b).compareTo(Ratio.of(c, d))))
        .isEqualTo(Integer.compare(a * d, c * b));
    assertThat(Ratio.of(a, b).plus(Ratio.of(c, d)).minus(Ratio.of(c, d))).isEqualTo(Ratio.of(a, b));
    assertThat(Ratio.parse(Ratio.of(a, b).toString())).isEqualTo(Ratio.of(a, b));
  }
}
