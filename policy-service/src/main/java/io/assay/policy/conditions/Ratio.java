package io.assay.policy.conditions;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/**
 * An exact rational number, reduced, with a positive denominator.
 *
 * <p>Thresholds are never compared as doubles: 4/12 against 5/12 is exactly 4/5, and double
 * arithmetic says less.
 */
public record Ratio(BigInteger numerator, BigInteger denominator) implements Comparable<Ratio> {

  public static final Ratio ZERO = of(0, 1);

  private static final Pattern DECIMAL = Pattern.compile("-?\\d{1,30}(\\.\\d{1,30})?");
  private static final Pattern FRACTION = Pattern.compile("-?\\d{1,30}/\\d{1,30}");

  /** Decimals that a value is shown with where it has no short exact spelling. */
  private static final int SHOWN_DECIMALS = 6;

  public Ratio {
    if (denominator.signum() == 0) {
      throw new IllegalArgumentException("A ratio has a denominator other than 0");
    }
    var sign = BigInteger.valueOf(denominator.signum());
    var divisor = numerator.gcd(denominator).multiply(sign);
    numerator = numerator.divide(divisor);
    denominator = denominator.divide(divisor);
  }

  public static Ratio of(long numerator, long denominator) {
    return new Ratio(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
  }

  /** Reads {@code 0.05} or {@code 4/5}; refuses anything else. */
  public static Ratio parse(String spelled) {
    if (DECIMAL.matcher(spelled).matches()) {
      return of(new BigDecimal(spelled));
    }
    if (FRACTION.matcher(spelled).matches()) {
      var parts = spelled.split("/", -1);
      return new Ratio(new BigInteger(parts[0]), new BigInteger(parts[1]));
    }
    throw new IllegalArgumentException(
        "A ratio is a decimal number such as 0.05 or a fraction such as 4/5, not '"
            + spelled
            + "'");
  }

  /** The decimal number that a double is written as, not its binary neighbour. */
  public static Ratio of(double value) {
    return of(BigDecimal.valueOf(value));
  }

  private static Ratio of(BigDecimal decimal) {
    return decimal.scale() >= 0
        ? new Ratio(decimal.unscaledValue(), BigInteger.TEN.pow(decimal.scale()))
        : new Ratio(decimal.toBigIntegerExact(), BigInteger.ONE);
  }

  public Ratio plus(Ratio other) {
    return new Ratio(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  public Ratio minus(Ratio other) {
    return plus(new Ratio(other.numerator.negate(), other.denominator));
  }

  public Ratio abs() {
    return new Ratio(numerator.abs(), denominator);
  }

  @Override
  public int compareTo(Ratio other) {
    return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
  }

  /** Decimal: exact where six decimals suffice, else rounded to six. */
  public String decimal() {
    var rounded =
        new BigDecimal(numerator)
            .divide(new BigDecimal(denominator), SHOWN_DECIMALS, RoundingMode.HALF_EVEN);
    return plain(rounded);
  }

  /** Decimal, away from zero, so that what is missing never looks like nothing. */
  public String decimalUp() {
    return plain(
        new BigDecimal(numerator)
            .divide(new BigDecimal(denominator), SHOWN_DECIMALS, RoundingMode.UP));
  }

  private static String plain(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  /** The nearest double, for display only. */
  public double toDouble() {
    return new BigDecimal(numerator)
        .divide(new BigDecimal(denominator), MathContext.DECIMAL64)
        .doubleValue();
  }

  /** The reduced fraction. */
  @Override
  public String toString() {
    return numerator + "/" + denominator;
  }
}
