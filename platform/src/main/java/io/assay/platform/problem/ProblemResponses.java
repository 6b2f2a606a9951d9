package io.assay.platform.problem;

import io.assay.platform.http.RequestId;
import io.assay.platform.http.SecurityHeaders;
import io.micronaut.context.annotation.Primary;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;

/**
 * The one place where a failure becomes a response, whoever met it: a decider, a controller, a
 * filter or the server itself.
 */
@Singleton
@Primary
public class ProblemResponses implements ErrorResponseProcessor<String> {

  private final Failures failures;
  private final SecurityHeaders security;

  ProblemResponses(Failures failures, SecurityHeaders security) {
    this.failures = failures;
    this.security = security;
  }

  @Override
  public MutableHttpResponse<String> processResponse(
      ErrorContext context, MutableHttpResponse<?> base) {
    var rejection = failures.rejection(context, base.code());
    var response = of(context.getRequest(), rejection);
    base.getHeaders()
        .forEachValue(
            (name, value) -> {
              if (!name.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE)
                  && !name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) {
                response.header(name, value);
              }
            });
    security.put(response.getHeaders()); // what cannot be decoded passes no filter
    return response;
  }

  /** The response to a request that met this rejection. */
  public static MutableHttpResponse<String> of(HttpRequest<?> request, Rejection rejection) {
    MutableHttpResponse<String> response =
        HttpResponse.<String>status(rejection.status(), rejection.title());
    var retryAfter = rejection.extensions().get(Rejection.RETRY_AFTER);
    if (retryAfter != null || rejection.status() == 429 || rejection.status() == 503) {
      response.header(HttpHeaders.RETRY_AFTER, String.valueOf(retryAfter == null ? 1 : retryAfter));
    }
    if (rejection.status() == 401) {
      boolean presented = request.getHeaders().contains(HttpHeaders.AUTHORIZATION);
      response.header(
          HttpHeaders.WWW_AUTHENTICATE,
          presented ? "Bearer realm=\"assay\", error=\"invalid_token\"" : "Bearer realm=\"assay\"");
    }
    if (request.getMethod() != HttpMethod.HEAD) {
      response
          .contentType(MediaType.of(ProblemDocument.MEDIA_TYPE))
          .body(ProblemDocument.of(rejection, RequestId.of(request).orElse(null)));
    }
    return response;
  }
}
