package io.assay.client;

import io.assay.client.registry.model.Problem;
import io.micronaut.core.propagation.PropagatedContext;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.MutableHttpRequest;
import io.micronaut.http.annotation.ClientFilter;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.client.exceptions.HttpClientResponseException;
import org.jspecify.annotations.Nullable;

/** Puts the caller's token and workspace on every request, and makes exceptions of problems. */
@ClientFilter(serviceId = {"assay-registry", "assay-policy", "assay-lineage"})
final class CallerFilter {

  private final @Nullable Credentials credentials;

  CallerFilter(@Nullable Credentials credentials) {
    this.credentials = credentials;
  }

  @RequestFilter
  void identify(MutableHttpRequest<?> request) {
    Caller caller = PropagatedContext.getOrEmpty().find(Caller.class).orElse(null);
    String token =
        caller != null ? caller.token() : credentials != null ? credentials.token() : null;
    if (token != null && !request.getHeaders().contains(HttpHeaders.AUTHORIZATION)) {
      request.bearerAuth(token);
    }
    if (caller != null) {
      request.getHeaders().set("Assay-Workspace", caller.workspace());
    }
  }

  @ResponseFilter
  void explain(HttpClientResponseException failure) {
    var response = failure.getResponse();
    Problem problem =
        response
            .getBody(Problem.class)
            .filter(body -> body.getStatus() != null)
            .orElseGet(() -> new Problem("about:blank", response.reason(), response.code()));
    throw new ProblemResponse(problem, failure);
  }
}
