package io.assay.policy.conditions;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a condition demands, as far as it is a bound: {@code at most 0.05}, {@code at least 4/5},
 * {@code at most 90 days}.
 */
record Demand(@Nullable Bound bound) {

  /** A limit and its side. */
  record Bound(boolean atMost, Ratio limit) {}

  private static final Pattern BOUND = Pattern.compile("at (most|least) (\\S+)(| \\S.*)");

  /** Refuses a bound whose number is none; a text without bound is only for people. */
  static Demand parse(String required) {
    var matcher = BOUND.matcher(required);
    if (!matcher.matches()) {
      return new Demand(null);
    }
    return new Demand(new Bound("most".equals(matcher.group(1)), Ratio.parse(matcher.group(2))));
  }

  /** By how much the value misses the bound; null where it does not, or where there is none. */
  @Nullable Ratio shortfall(Ratio actual) {
    if (bound == null) {
      return null;
    }
    var missing = bound.atMost ? actual.minus(bound.limit) : bound.limit.minus(actual);
    return missing.compareTo(Ratio.ZERO) > 0 ? missing : null;
  }
}
