package io.assay.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.cookie.Cookie;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A person signed in: the bearer token, kept in a cookie that no script can read and no other site
 * can make the browser send.
 *
 * @param user the name to show; nothing is decided by it
 * @param roles the roles to show; nothing is decided by them
 * @param key the same for as long as the person stays signed in, whatever the token
 * @param since when the token was issued
 * @param until when the token runs out
 */
record Session(
    String token, String user, List<String> roles, String key, Instant since, Instant until) {

  static final String COOKIE = "assay_session";

  /** A session that this request got, in the place of the one that it came with. */
  private static final String SERVED = "assay.session";

  private static final Duration NEW = Duration.ofSeconds(10);

  private static final Set<String> ROLES =
      Set.of(
          "ml-engineer",
          "model-validator",
          "risk-officer",
          "compliance-officer",
          "auditor",
          "operator",
          "admin",
          "pipeline");

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The session of the request; empty where nobody is signed in. */
  static Optional<Session> of(HttpRequest<?> request) {
    return request
        .getAttribute(SERVED, Session.class)
        .or(
            () ->
                request.getCookies().findCookie(COOKIE).map(Cookie::getValue).flatMap(Session::of));
  }

  /** Lets the rest of this request be served as this session. */
  void serve(HttpRequest<?> request) {
    request.setAttribute(SERVED, this);
  }

  boolean isNewAt(Instant moment) {
    return moment.isBefore(since.plus(NEW));
  }

  boolean livesAt(Instant moment) {
    return moment.isBefore(until);
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
      var roles = new LinkedHashSet<String>();
      claims.path("realm_access").path("roles").forEach(role -> add(role.asText(), roles));
      claims
          .path("resource_access")
          .path("assay")
          .path("roles")
          .forEach(role -> add(role.asText(), roles));
      claims
          .path("groups")
          .forEach(group -> add(group.asText().replaceFirst("^/workspaces/default/", ""), roles));
      return Optional.of(
          new Session(
              token,
              claims.path("preferred_username").asText("someone"),
              List.copyOf(roles),
              claims.path("sid").asText(token),
              Instant.ofEpochSecond(claims.path("iat").asLong(0)),
              Instant.ofEpochSecond(claims.path("exp").asLong(Long.MAX_VALUE / 2_000_000_000))));
    } catch (IllegalArgumentException | JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static void add(String role, Set<String> roles) {
    if (ROLES.contains(role)) {
      roles.add(role);
    }
  }

  /**
   * Whether the person may be one of these roles. Where the issuer's groups are mapped to roles,
   * the token does not tell, and the answer is yes: the services decide.
   */
  boolean mayBe(Set<String> anyOf) {
    return roles.isEmpty() || roles.stream().anyMatch(anyOf::contains);
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
    return Cookies.cookie(COOKIE, value, "/", secure);
  }

  /**
   * What every form sends back. Only who reads the page can know it: it is a digest of what the
   * token says of the session, or of the token itself, which no other site has. It outlives the
   * token, so that a page that was read for long can still be answered.
   */
  String formToken() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update("assay form ".getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of()
          .formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)))
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
