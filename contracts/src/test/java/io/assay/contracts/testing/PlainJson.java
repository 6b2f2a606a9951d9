package io.assay.contracts.testing;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * RFC 8785 once more, from the text of the RFC and the JDK alone: a second opinion on canonical
 * bytes that shares no code with the first.
 */
public final class PlainJson {

  /** So many tell any double from all others. */
  private static final int ENOUGH_DIGITS = 17;

  private PlainJson() {}

  /** The canonical bytes of maps with string keys, lists, strings, integers, doubles, booleans. */
  public static byte[] bytes(Object value) {
    var out = new StringBuilder();
    write(value, out);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void write(@Nullable Object value, StringBuilder out) {
    switch (value) {
      case null -> out.append("null");
      case String text -> string(text, out);
      case Boolean truth -> out.append(truth);
      case Integer number -> out.append(number);
      case Double number -> out.append(number(number));
      case List<?> list -> list(list, out);
      case Map<?, ?> map -> object(map, out);
      default -> throw new IllegalArgumentException("No JSON: " + value.getClass());
    }
  }

  private static void list(List<?> list, StringBuilder out) {
    var separator = "[";
    for (var element : list) {
      out.append(separator);
      write(element, out);
      separator = ",";
    }
    out.append(list.isEmpty() ? "[]" : "]");
  }

  private static void object(Map<?, ?> map, StringBuilder out) {
    // String's own order is that of UTF-16 code units, as section 3.2.3 of the RFC asks.
    var sorted = new TreeMap<String, @Nullable Object>();
    map.forEach((key, value) -> sorted.put((String) key, value));
    var separator = "{";
    for (var entry : sorted.entrySet()) {
      out.append(separator);
      string(entry.getKey(), out);
      out.append(':');
      write(entry.getValue(), out);
      separator = ",";
    }
    out.append(sorted.isEmpty() ? "{}" : "}");
  }

  private static void string(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\f' -> out.append("\\f");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < 0x20) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /** ECMAScript's Number::toString, as section 3.2.2.3 of the RFC asks. */
  static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("No JSON number: " + value);
    }
    if (value == 0) {
      return "0";
    }
    var shortest = shortest(Math.abs(value));
    var digits = shortest.unscaledValue().toString();
    int length = digits.length();
    int point = length - shortest.scale();
    var sign = value < 0 ? "-" : "";
    if (length <= point && point <= 21) {
      return sign + digits + "0".repeat(point - length);
    }
    if (0 < point && point <= 21) {
      return sign + digits.substring(0, point) + "." + digits.substring(point);
    }
    if (-6 < point && point <= 0) {
      return sign + "0." + "0".repeat(-point) + digits;
    }
    var mantissa = length == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    int exponent = point - 1;
    return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + Math.abs(exponent);
  }

  /** Of the decimals with the fewest digits that read back, the one closest to the exact value. */
  private static BigDecimal shortest(double value) {
    return IntStream.rangeClosed(1, ENOUGH_DIGITS)
        .mapToObj(digits -> closest(value, digits))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow()
        .stripTrailingZeros();
  }

  private static Optional<BigDecimal> closest(double value, int digits) {
    var exact = new BigDecimal(value);
    return Stream.of(RoundingMode.FLOOR, RoundingMode.CEILING)
        .map(mode -> exact.round(new MathContext(digits, mode)))
        .filter(decimal -> decimal.doubleValue() == value)
        .min(Comparator.comparing(decimal -> decimal.subtract(exact).abs()));
  }
}
