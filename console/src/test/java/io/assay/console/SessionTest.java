package io.assay.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SessionTest {

  @Test
  void whatIsNoTokenIsNoSession() {
    assertThat(Session.of("")).isEmpty();
    assertThat(Session.of("a.b")).isEmpty();
    assertThat(Session.of("a.!.c")).isEmpty();
  }

  @Test
  void aFormOfAnotherSessionIsNotSentByThisOne() {
    var mine = session("auditor-1");
    var other = session("operator-1");
    assertThat(mine.sent(mine.formToken())).isTrue();
    assertThat(mine.sent(other.formToken())).isFalse();
    assertThat(mine.sent(null)).isFalse();
    assertThat(mine.sent("")).isFalse();
  }

  @Test
  void theTokenIsOutOfReachOfScriptsAndOtherSites() {
    var cookie = session("auditor-1").cookie(true);
    assertThat(cookie.isHttpOnly()).isTrue();
    assertThat(cookie.isSecure()).isTrue();
    assertThat(cookie.getSameSite()).hasValue(io.micronaut.http.cookie.SameSite.Strict);
  }

  private static Session session(String user) {
    var claims =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                "{\"preferred_username\":\"%s\"}".formatted(user).getBytes(StandardCharsets.UTF_8));
    return Session.of("e30." + claims + ".sig").orElseThrow();
  }
}
