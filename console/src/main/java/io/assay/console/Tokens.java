package io.assay.console;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.cookie.Cookie;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the issuer gave for one person: each in a cookie of its own, out of reach of scripts and
 * other sites.
 *
 * @param access the bearer token of the public interface
 * @param refresh for another one, once it is about to run out
 * @param identity the ID token, with which the person is signed out
 */
record Tokens(String access, @Nullable String refresh, @Nullable String identity) {

  private static final String REFRESH = "assay_refresh";
  private static final String IDENTITY = "assay_identity";
  private static final String IDENTITY_PATH = "/console/sign-out";

  static Optional<String> refreshOf(HttpRequest<?> request) {
    return value(request, REFRESH);
  }

  static Optional<String> identityOf(HttpRequest<?> request) {
    return value(request, IDENTITY);
  }

  /** Whether a browser keeps a cookie as large as the token makes it. */
  boolean fits() {
    return access.length() <= Cookies.LARGEST;
  }

  /** Puts the cookies on an answer. */
  void keep(MutableHttpResponse<?> response, boolean secure) {
    Session.of(access).ifPresent(session -> response.cookie(session.cookie(secure)));
    if (refresh != null) {
      response.cookie(Cookies.cookie(REFRESH, refresh, "/", secure));
    }
    if (identity != null) {
      response.cookie(Cookies.cookie(IDENTITY, identity, IDENTITY_PATH, secure));
    }
  }

  /** Ends all of them. */
  static void end(MutableHttpResponse<?> response, boolean secure) {
    response.cookie(Session.ended(secure));
    response.cookie(Cookies.cookie(REFRESH, "", "/", secure).maxAge(0));
    response.cookie(Cookies.cookie(IDENTITY, "", IDENTITY_PATH, secure).maxAge(0));
  }

  private static Optional<String> value(HttpRequest<?> request, String name) {
    return request
        .getCookies()
        .findCookie(name)
        .map(Cookie::getValue)
        .filter(value -> !value.isEmpty());
  }
}
