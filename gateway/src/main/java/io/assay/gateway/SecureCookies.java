package io.assay.gateway;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.MutableHttpHeaders;
import java.util.List;
import java.util.Locale;

/**
 * The console speaks plain HTTP with the gateway, so only the gateway knows when a cookie is not to
 * leave TLS.
 */
final class SecureCookies {

  private SecureCookies() {}

  /** Marks every cookie that the answer sets as one for TLS only. */
  static void mark(MutableHttpHeaders headers) {
    var cookies = List.copyOf(headers.getAll(HttpHeaders.SET_COOKIE));
    if (cookies.isEmpty()) {
      return;
    }
    headers.remove(HttpHeaders.SET_COOKIE);
    for (var cookie : cookies) {
      headers.add(
          HttpHeaders.SET_COOKIE,
          cookie.toLowerCase(Locale.ROOT).matches(".*;\\s*secure(\\s*;.*|\\s*)")
              ? cookie
              : cookie + "; Secure");
    }
  }
}
