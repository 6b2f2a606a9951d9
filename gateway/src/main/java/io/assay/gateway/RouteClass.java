package io.assay.gateway;

import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import java.util.Locale;

/** What a request costs, and so by which limits it is counted. */
enum RouteClass {
  READS,
  WRITES,
  /** Bytes of any size come in. */
  UPLOADS;

  /** The class of a request, from its method and whether its route takes bytes. */
  static RouteClass of(HttpRequest<?> request, boolean bytes) {
    var method = request.getMethod();
    if (method == HttpMethod.GET || method == HttpMethod.HEAD || method == HttpMethod.OPTIONS) {
      return READS;
    }
    return bytes ? UPLOADS : WRITES;
  }

  /** Its name in the configuration, in headers and in figures. */
  String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }
}
