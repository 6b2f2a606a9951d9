package io.assay.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.cookie.Cookie;
import io.micronaut.http.cookie.SameSite;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A person signed in: the bearer token, kept in a cookie that no script can read and no other site
 * can make the browser send.
 *
 * @param user the name to show; nothing is decided by it
 * @param roles the roles to show; nothing is decided by them
 */
record Session(String token, String user, List<String> roles) {

  private static final String COOKIE = "assay_session";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The session of the request; empty where nobody is signed in. */
  static Optional<Session> of(HttpRequest<?> request) {
    return request.getCookies().findCookie(COOKIE).map(Cookie::getValue).flatMap(Session::of);
  }

  /**
   * The session of a token. What the token says is only shown: the services behind the gateway
   * validate it.
   */
  static Optional<Session> of(String token) {
    var parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      var claims =
          JSON.readTree(
              new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
      var roles = new ArrayList<String>();
      claims.path("realm_access").path("roles").forEach(role -> roles.add(role.asText()));
      return Optional.of(
          new Session(
              token, claims.path("preferred_username").asText("someone"), List.copyOf(roles)));
    } catch (IllegalArgumentException | JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** The cookie that keeps the session. */
  Cookie cookie(boolean secure) {
    return cookie(token, secure);
  }

  /** The cookie that ends it. */
  static Cookie ended(boolean secure) {
    return cookie("", secure).maxAge(0);
  }

  private static Cookie cookie(String value, boolean secure) {
    return Cookie.of(COOKIE, value)
        .httpOnly(true)
        .secure(secure)
        .sameSite(SameSite.Strict)
        .path("/");
  }

  /**
   * What every form sends back. Only who reads the page can know it: it is a digest of the token,
   * which no other site has.
   */
  String formToken() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update("assay form ".getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of()
          .formatHex(digest.digest(token.getBytes(StandardCharsets.US_ASCII)))
          .substring(0, 32);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /** Whether a form came from a page of this session. */
  boolean sent(@Nullable String formToken) {
    return formToken != null
        && MessageDigest.isEqual(
            formToken().getBytes(StandardCharsets.US_ASCII),
            formToken.getBytes(StandardCharsets.UTF_8));
  }
}
