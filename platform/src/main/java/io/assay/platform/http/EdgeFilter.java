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
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * First in, last out: names the request, refuses paths that are not canonical before any route is
 * looked for, and puts the headers on every response that each of them bears.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(Ordered.HIGHEST_PRECEDENCE)
class EdgeFilter {

  /**
   * No script, style or frame from anywhere: an interface answers data. The console sets its own.
   */
  private static final Map<String, String> SECURITY_HEADERS = new LinkedHashMap<>();

  static {
    SECURITY_HEADERS.put("X-Content-Type-Options", "nosniff");
    SECURITY_HEADERS.put("X-Frame-Options", "DENY");
    // Not no-referrer: browsers then send "Origin: null" with the console's own forms.
    SECURITY_HEADERS.put("Referrer-Policy", "same-origin");
    SECURITY_HEADERS.put(
        "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
    SECURITY_HEADERS.put("Cross-Origin-Opener-Policy", "same-origin");
    SECURITY_HEADERS.put("Cross-Origin-Resource-Policy", "same-origin");
    SECURITY_HEADERS.put("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    SECURITY_HEADERS.put("Strict-Transport-Security", "max-age=31536000");
    SECURITY_HEADERS.put("Cache-Control", "no-store");
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
  static void dress(HttpRequest<?> request, MutableHttpResponse<?> response) {
    var headers = response.getHeaders();
    SECURITY_HEADERS.forEach(
        (name, value) -> {
          if (!headers.contains(name)) {
            headers.set(name, value);
          }
        });
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
