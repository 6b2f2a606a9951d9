package io.assay.gateway;

import io.assay.gateway.RateLimits.Taken;
import io.micronaut.http.MutableHttpHeaders;

/**
 * What is left of a client's share, as the structured fields {@code RateLimit-Policy} and {@code
 * RateLimit} (draft-ietf-httpapi-ratelimit-headers-10): the quota and its window, what remains, and
 * the seconds until all of it is back.
 */
final class RateLimitHeaders {

  static final String POLICY = "RateLimit-Policy";
  static final String STATE = "RateLimit";

  private RateLimitHeaders() {}

  static void put(MutableHttpHeaders headers, RouteClass kind, Taken taken) {
    var name = '"' + kind.spelling() + '"';
    headers.set(POLICY, name + ";q=" + taken.limit() + ";w=" + taken.windowSeconds());
    headers.set(STATE, name + ";r=" + taken.remaining() + ";t=" + taken.resetSeconds());
  }
}
