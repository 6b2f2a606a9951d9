package io.assay.gateway;

import io.assay.platform.http.Positions;
import io.assay.platform.http.RequestId;
import io.assay.platform.http.TraceContext;
import io.assay.platform.identity.Invocations;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What of a client's headers reaches a service: nothing that speaks for somebody else. */
final class ForwardedHeaders {

  /** RFC 9110, section 7.6.1; framing is the client's and server's own matter. */
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "upgrade");

  private static final Set<String> SPOOFABLE =
      Set.of("forwarded", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip");

  private static final Set<String> OURS =
      Set.of(
          Invocations.WORKSPACE_HEADER.toLowerCase(Locale.ROOT),
          Positions.LEAST.toLowerCase(Locale.ROOT));

  private ForwardedHeaders() {}

  /** Whether the client wants the connection closed behind the answer. */
  static boolean closing(HttpRequest<?> request) {
    return connection(request.getHeaders()).contains("close");
  }

  /**
   * Brings the headers of a forwarded request to what may be forwarded.
   *
   * @param cookies whether the service keeps sessions (the console does)
   */
  static void clean(HttpRequest<?> request, MutableHttpHeaders headers, boolean cookies) {
    var named = connection(headers);
    for (var name : List.copyOf(headers.names())) {
      var lower = name.toLowerCase(Locale.ROOT);
      if (HOP_BY_HOP.contains(lower)
          || named.contains(lower) && !lower.equals("authorization")
          || SPOOFABLE.contains(lower)
          || lower.startsWith("x-forwarded-")
          || lower.startsWith("x-original-")
          || lower.startsWith("x-rewrite-")
          || lower.startsWith("x-http-method")
          || lower.startsWith("x-assay-")
          || lower.startsWith("assay-") && !OURS.contains(lower)
          || !cookies && lower.equals("cookie")) {
        headers.remove(name);
      }
    }
    RequestId.of(request).ifPresent(id -> headers.set(RequestId.HEADER, id));
    TraceContext.of(request).ifPresent(trace -> headers.set(TraceContext.HEADER, trace));
  }

  /** Brings the headers of a service's answer to what may leave. */
  static void clean(MutableHttpHeaders headers) {
    for (var name : List.copyOf(headers.names())) {
      var lower = name.toLowerCase(Locale.ROOT);
      if (HOP_BY_HOP.contains(lower) || lower.equals("server")) {
        headers.remove(name);
      }
    }
  }

  private static List<String> connection(HttpHeaders headers) {
    var named = new ArrayList<String>();
    for (var value : headers.getAll(HttpHeaders.CONNECTION)) {
      for (var name : value.split(",", -1)) {
        named.add(name.strip().toLowerCase(Locale.ROOT));
      }
    }
    return named;
  }
}
