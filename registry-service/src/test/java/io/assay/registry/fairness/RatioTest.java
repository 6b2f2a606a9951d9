package io.assay.registry.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class RatioTest {

  @Test
  void everyPairOfGroupsUpToSixtyThatStandsAtFourFifthsStandsThereExactly() {
    int pairs = 0;
    int missedByDoubles = 0;
    for (int n = 1; n <= 60; n++) {
      for (int m = 1; m <= 60; m++) {
        for (int b = 1; b <= m; b++) {
          int a = 4 * b * n / (5 * m);
          if (a < 1 || a > n || 4 * b * n % (5 * m) != 0) {
            continue;
          }
          pairs++;
          assertThat(Ratio.of(a, n).dividedBy(Ratio.of(b, m))).isEqualTo(Measure.FOUR_FIFTHS);
          if ((double) a / n / ((double) b / m) < 0.8) {
            missedByDoubles++;
          }
        }
      }
    }
    assertThat(pairs).isEqualTo(3666);
    assertThat(missedByDoubles).isEqualTo(1198);
  }

  @Test
  void aFractionIsReducedAndItsDenominatorPositive() {
    assertThat(Ratio.of(6, -8)).isEqualTo(Ratio.of(-3, 4)).hasToString("-3/4");
  }

  @Test
  void aFractionBeyondDoublesIsStillExact() {
    var huge = BigInteger.TEN.pow(400);
    assertThat(new Ratio(huge, huge.multiply(BigInteger.TWO)).toDouble()).isEqualTo(0.5);
  }

  @Test
  void anEmptyDenominatorIsRefused() {
    assertThatThrownBy(() -> Ratio.of(1, 0)).isInstanceOf(ArithmeticException.class);
  }
}
