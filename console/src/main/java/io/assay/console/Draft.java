package io.assay.console;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.cookie.Cookie;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * What somebody wrote into the form of a promotion before he was sent to prove who he is: his
 * browser keeps it meanwhile, for that page and that session.
 *
 * @param meaning of an approval, as the form spells it
 * @param comment as it was typed
 */
public record Draft(String meaning, String comment) {

  /** An empty form. */
  static final Draft NONE = new Draft("approval", "");

  private static final String COOKIE = "assay_draft";
  private static final Duration LIFE = Duration.ofMinutes(15);

  /** What this session wrote into the form of the page that is asked for. */
  static Draft of(HttpRequest<?> request, Session session) {
    return request
        .getCookies()
        .findCookie(COOKIE)
        .flatMap(cookie -> parsed(cookie.getValue(), session))
        .orElse(NONE);
  }

  /** Keeps it; empty where it is longer than a browser keeps. */
  Optional<Cookie> cookie(UUID promotion, Session session, boolean secure) {
    var value = String.join(".", session.formToken(), encoded(meaning), encoded(comment));
    return value.length() > Cookies.LARGEST
        ? Optional.empty()
        : Optional.of(cookie(value, promotion, secure).maxAge(LIFE));
  }

  static Cookie ended(UUID promotion, boolean secure) {
    return cookie("", promotion, secure).maxAge(0);
  }

  private static Optional<Draft> parsed(String value, Session session) {
    var parts = value.split("\\.", -1);
    if (parts.length != 3 || !session.sent(parts[0])) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Draft(decoded(parts[1]), decoded(parts[2])));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Cookie cookie(String value, UUID promotion, boolean secure) {
    return Cookies.cookie(COOKIE, value, "/console/promotions/" + promotion, secure);
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String value) {
    return new String(Base64.getUrlDecoder().decode(value), StandardCharsets.UTF_8);
  }
}
