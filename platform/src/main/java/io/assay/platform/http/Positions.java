package io.assay.platform.http;

import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.context.ServerRequestContext;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The positions that make writes readable: {@value #WRITTEN} out, {@value #LEAST} in. */
public final class Positions {

  /** Index of the last event of a write. */
  public static final String WRITTEN = "Assay-Position";

  /** What a view has to have passed before it answers. */
  public static final String LEAST = "Assay-Min-Position";

  private static final String ATTRIBUTE = "assay.position";
  private static final Pattern FORM = Pattern.compile("0|[1-9][0-9]{0,15}");

  private Positions() {}

  /** Makes the request that this thread serves answer {@value #WRITTEN}. */
  public static void written(long position) {
    ServerRequestContext.currentRequest()
        .orElseThrow(() -> new IllegalStateException("This thread serves no request"))
        .setAttribute(ATTRIBUTE, position);
  }

  /** What the request asks a view to have passed. */
  public static OptionalLong least(HttpRequest<?> request) {
    var value = request.getHeaders().get(LEAST);
    if (value == null) {
      return OptionalLong.empty();
    }
    if (!FORM.matcher(value).matches()) {
      throw new ProblemException(
          Rejection.malformed(
              "#/header/" + LEAST,
              "A position is an integer from 0, below 2^53, as answered in " + WRITTEN + "."));
    }
    return OptionalLong.of(Long.parseLong(value));
  }

  static OptionalLong writtenBy(HttpRequest<?> request) {
    return request
        .getAttribute(ATTRIBUTE, Long.class)
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }
}
