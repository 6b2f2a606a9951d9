package io.assay.registry.fairness;

/**
 * A two-sided 95 % confidence interval; it contains the estimate that it belongs to.
 *
 * <p>Sources: Wilson 1927; Katz, Baptista, Azen and Pike 1978; Newcombe 1998 (method 10).
 */
public record Interval(double lower, double upper, Method method) {

  /** How an interval was computed. */
  public enum Method {
    WILSON,
    KATZ,
    NEWCOMBE;

    /** The spelling on the wire. */
    public String spelling() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** The 97.5 % quantile of the standard normal distribution. */
  static final double Z = 1.959963984540054;

  /** Wilson's score interval of a rate. Needs a denominator. */
  public static Interval wilson(Proportion p) {
    double x = p.numerator();
    double n = p.denominator();
    double z2 = Z * Z;
    double centre = (x + z2 / 2) / (n + z2);
    double half = Z / (n + z2) * Math.sqrt(x * (n - x) / n + z2 / 4);
    double lower = x == 0 ? 0 : Math.max(0, centre - half);
    double upper = x == n ? 1 : Math.min(1, centre + half);
    return containing(p.value(), lower, upper, Method.WILSON);
  }

  /** Newcombe's interval of the difference of two independent rates, {@code p − q}. */
  static Interval newcombe(Proportion p, Proportion q) {
    double d = p.value() - q.value();
    var wp = wilson(p);
    var wq = wilson(q);
    double down = Math.hypot(p.value() - wp.lower, wq.upper - q.value());
    double up = Math.hypot(wp.upper - p.value(), q.value() - wq.lower);
    return containing(d, Math.max(-1, d - down), Math.min(1, d + up), Method.NEWCOMBE);
  }

  /**
   * The interval of the mean of two independent differences, from their own intervals (the square
   * and add method of which {@link #newcombe} is the case of one difference).
   */
  static Interval mean(double first, Interval a, double second, Interval b) {
    double mean = (first + second) / 2;
    return containing(
        mean,
        mean - Math.hypot(first - a.lower, second - b.lower) / 2,
        mean + Math.hypot(a.upper - first, b.upper - second) / 2,
        Method.NEWCOMBE);
  }

  /**
   * Katz's log interval of the ratio of two independent rates, {@code p ÷ q}. Where nobody of p was
   * counted the upper bound adds half a person to each count; q must not be 0.
   */
  static Interval katz(Proportion p, Proportion q) {
    if (p.numerator() == 0) {
      double upper =
          Math.exp(
              Math.log((0.5 / (p.denominator() + 0.5)) / shifted(q)) + Z * deviation(p, q, 0.5));
      return containing(0, 0, upper, Method.KATZ);
    }
    double ratio = p.value() / q.value();
    double spread = Z * deviation(p, q, 0);
    return containing(ratio, ratio * Math.exp(-spread), ratio * Math.exp(spread), Method.KATZ);
  }

  private static double shifted(Proportion p) {
    return (p.numerator() + 0.5) / (p.denominator() + 0.5);
  }

  private static double deviation(Proportion p, Proportion q, double shift) {
    double variance =
        1 / (p.numerator() + shift)
            - 1 / (p.denominator() + shift)
            + 1 / (q.numerator() + shift)
            - 1 / (q.denominator() + shift);
    return Math.sqrt(Math.max(0, variance));
  }

  /** Rounding of the last digit must not part the estimate from its interval. */
  private static Interval containing(double estimate, double lower, double upper, Method method) {
    return new Interval(Math.min(lower, estimate), Math.max(upper, estimate), method);
  }
}
