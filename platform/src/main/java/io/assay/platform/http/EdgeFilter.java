package io.assay.platform.http;

import io.assay.platform.problem.ProblemResponses;
import io.assay.platform.problem.Rejection;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.annotation.PreMatching;
import io.micronaut.http.server.netty.NettyHttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * First in, last out: names the request, refuses paths that are not canonical before any route is
 * looked for, and puts the headers on every response that each of them bears.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(Ordered.HIGHEST_PRECEDENCE)
class EdgeFilter {

  private final SecurityHeaders security;

  EdgeFilter(SecurityHeaders security) {
    this.security = security;
  }

  @RequestFilter
  @PreMatching
  @Nullable HttpResponse<?> enter(HttpRequest<?> request) {
    RequestId.assign(request);
    TraceContext.assign(request);
    var fault = CanonicalPath.fault(target(request));
    if (fault.isEmpty()) {
      return null;
    }
    var response = ProblemResponses.of(request, Rejection.of("path-not-canonical", fault.get()));
    dress(request, response);
    return response;
  }

  @ResponseFilter
  void leave(HttpRequest<?> request, MutableHttpResponse<?> response) {
    dress(request, response);
  }

  /** Puts on the response what every response bears and this one does not. */
  private void dress(HttpRequest<?> request, MutableHttpResponse<?> response) {
    var headers = response.getHeaders();
    security.put(headers);
    var written = Positions.writtenBy(request);
    if (written.isPresent() && response.code() < 400) {
      headers.set(Positions.WRITTEN, String.valueOf(written.getAsLong()));
    }
    RequestId.of(request).ifPresent(id -> headers.set(RequestId.HEADER, id));
    TraceContext.of(request).ifPresent(trace -> headers.set(TraceContext.HEADER, trace));
  }

  private static String target(HttpRequest<?> request) {
    return request instanceof NettyHttpRequest<?> netty
        ? netty.getNativeRequest().uri()
        : request.getUri().toString();
  }
}
