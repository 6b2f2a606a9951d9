package io.assay.console;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.cookie.Cookie;
import io.micronaut.http.cookie.SameSite;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in under way, known to the browser that began it only: the answer of the issuer counts in
 * that browser and nowhere else.
 *
 * @param state comes back with the answer
 * @param nonce comes back in the ID token
 * @param verifier the secret behind the code challenge (RFC 7636)
 * @param to the page to go on to, a path of ours
 */
record Attempt(String state, String nonce, String verifier, String to) {

  private static final String COOKIE = "assay_sign_in";
  private static final Duration LIFE = Duration.ofMinutes(15);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 32;

  static Attempt to(@Nullable String page) {
    return new Attempt(random(), random(), random(), local(page));
  }

  /** The attempt of this browser that the answer belongs to. */
  static Optional<Attempt> of(HttpRequest<?> request, @Nullable String state) {
    return request
        .getCookies()
        .findCookie(COOKIE)
        .map(Cookie::getValue)
        .flatMap(Attempt::parsed)
        .filter(
            attempt ->
                state != null
                    && MessageDigest.isEqual(
                        attempt.state.getBytes(StandardCharsets.UTF_8),
                        state.getBytes(StandardCharsets.UTF_8)));
  }

  /** Lax: the issuer's answer comes from another site. */
  Cookie cookie(boolean secure) {
    var page = encoded(to.getBytes(StandardCharsets.UTF_8));
    return cookie(String.join(".", state, nonce, verifier, page), secure).maxAge(LIFE);
  }

  static Cookie ended(boolean secure) {
    return cookie("", secure).maxAge(0);
  }

  /** RFC 7636, section 4.2, method S256. */
  String challenge() {
    try {
      return encoded(
          MessageDigest.getInstance("SHA-256")
              .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /** A path of ours, or the first page: an answer leads nowhere else. */
  static String local(@Nullable String page) {
    return page != null
            && page.startsWith("/")
            && !page.startsWith("//")
            && page.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\')
        ? page
        : "/";
  }

  private static Optional<Attempt> parsed(String value) {
    var parts = value.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    try {
      var page = new String(Base64.getUrlDecoder().decode(parts[3]), StandardCharsets.UTF_8);
      return Optional.of(new Attempt(parts[0], parts[1], parts[2], local(page)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Cookie cookie(String value, boolean secure) {
    return Cookies.cookie(COOKIE, value, "/console/sign-in", secure).sameSite(SameSite.Lax);
  }

  private static String random() {
    var bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return encoded(bytes);
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
