package io.assay.lineage;

import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Reads the parameter {@code asOf}: an instant of recording, or a position, both included. */
public final class AsOf {

  private AsOf() {}

  /**
   * How many first events of the log are regarded.
   *
   * @param countUpTo how many were recorded at or before an instant
   */
  public static long count(@Nullable String asOf, ToLongFunction<Instant> countUpTo) {
    if (asOf == null) {
      return Long.MAX_VALUE;
    }
    try {
      return asOf.indexOf('T') < 0
          ? Math.addExact(Long.parseLong(asOf), 1)
          : countUpTo.applyAsLong(OffsetDateTime.parse(asOf).toInstant());
    } catch (NumberFormatException | ArithmeticException | DateTimeException e) {
      throw new ProblemException(
          Rejection.malformed(
              "#/query/asOf", "An instant, as 2026-01-31T12:00:00Z, or a position in the log."));
    }
  }
}
