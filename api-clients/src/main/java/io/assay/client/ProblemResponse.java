package io.assay.client;

import io.assay.client.registry.model.Problem;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.client.exceptions.HttpClientResponseException;
import org.jspecify.annotations.Nullable;

/** An answer of 400 or above, with its problem document. */
public final class ProblemResponse extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ProblemResponse(Problem problem, @Nullable Throwable cause) {
    super(
        problem.getStatus()
            + " "
            + problem.getTitle()
            + (problem.getDetail() == null ? "" : ": " + problem.getDetail()),
        cause);
    this.problem = problem;
  }

  public int status() {
    return problem.getStatus();
  }

  /** Of type {@code about:blank} where the answer was no problem document, as from a proxy. */
  public Problem problem() {
    return problem;
  }

  /** What the answer asks for in {@code WWW-Authenticate}, where it does. */
  public @Nullable String challenge() {
    return getCause() instanceof HttpClientResponseException refused
        ? refused.getResponse().getHeaders().get(HttpHeaders.WWW_AUTHENTICATE)
        : null;
  }
}
