package io.assay.contracts;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Writes numbers as RFC 8785 (section 3.2.2.3) wants them: as ECMAScript does, with the fewest
 * digits that read back.
 *
 * <p>The digits are Java's own: {@code java-json-canonicalization} 1.1 writes {@code 1e-320}
 * wrongly and never comes to an end with {@code 1e-315}.
 */
final class CanonicalNumber {

  /** Up to so many digits before the point, ECMAScript writes a number without an exponent. */
  private static final int PLAIN_DIGITS = 21;

  /** And with fewer zeros than so many behind it. */
  private static final int PLAIN_ZEROS = 6;

  private CanonicalNumber() {}

  /** The number's text; refuses what is not finite. */
  static String spell(double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("Not representable as JSON: " + number);
    }
    if (number == 0) {
      return "0";
    }
    var shortest = shortest(Math.abs(number));
    var digits = shortest.unscaledValue().toString();
    int count = digits.length();
    int point = count - shortest.scale(); // counted from before the first digit
    var sign = number < 0 ? "-" : "";
    if (count <= point && point <= PLAIN_DIGITS) {
      return sign + digits + "0".repeat(point - count);
    }
    if (0 < point && point <= PLAIN_DIGITS) {
      return sign + digits.substring(0, point) + '.' + digits.substring(point);
    }
    if (-PLAIN_ZEROS < point && point <= 0) {
      return sign + "0." + "0".repeat(-point) + digits;
    }
    var mantissa = count == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return sign + mantissa + (point > 0 ? "e+" : "e") + (point - 1);
  }

  /** Java writes two digits at least, where one may read back as well. */
  private static BigDecimal shortest(double positive) {
    var spelled = new BigDecimal(Double.toString(positive)).stripTrailingZeros();
    var single = spelled.round(new MathContext(1)).stripTrailingZeros();
    return single.doubleValue() == positive ? single : spelled;
  }
}
