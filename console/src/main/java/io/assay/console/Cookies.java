package io.assay.console;

import io.micronaut.http.cookie.Cookie;
import io.micronaut.http.cookie.SameSite;

/** The cookies of the console: out of reach of scripts, and not sent from other sites. */
final class Cookies {

  /** RFC 6265, section 6.1: 4,096 bytes with name and attributes. */
  static final int LARGEST = 3_900;

  private Cookies() {}

  /**
   * One that lasts as long as the browser runs.
   *
   * @param path below which it is sent
   * @param secure whether it is sent by TLS only
   */
  static Cookie cookie(String name, String value, String path, boolean secure) {
    return Cookie.of(name, value)
        .httpOnly(true)
        .secure(secure)
        .sameSite(SameSite.Strict)
        .path(path);
  }
}
