package io.assay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.platform.testing.TestIssuer;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the gateway answers bears the headers that keep browsers from harm. */
class SecurityHeadersTest {

  private static final String MODELS = "/api/v1/models";

  private static final TestIssuer ISSUER = new TestIssuer();
  private static final FakeService SERVICE = new FakeService();
  private static EmbeddedServer gateway;
  private static EmbeddedServer proxied;

  /** One kind of answer, and a request that gets it. */
  record Kind(String name, int status, String method, String target, String headers) {
    @Override
    public String toString() {
      return status + " " + name;
    }
  }

  @BeforeAll
  static void start() {
    var limits =
        Map.of(
            "assay.gateway.limits.writes.actor-burst",
            1,
            "assay.gateway.limits.writes.actor-rate",
            1,
            "assay.gateway.timeout",
            "300ms",
            "assay.services.policy.url",
            "http://127.0.0.1:1");
    gateway = GatewayUnderTest.start(SERVICE, ISSUER, limits);
    var behind = new TreeMap<String, Object>(limits);
    behind.put("assay.proxy.trusted", "127.0.0.1");
    proxied = GatewayUnderTest.start(SERVICE, ISSUER, behind);
  }

  @AfterAll
  static void stop() {
    proxied.close();
    gateway.close();
    SERVICE.close();
    ISSUER.close();
  }

  static Stream<Kind> kinds() {
    var json = "Content-Type: application/json\r\n";
    return Stream.of(
        new Kind("answer of a service", 200, "GET", MODELS, ""),
        new Kind("answer without a body", 200, "HEAD", MODELS, ""),
        new Kind("page of the console", 200, "GET", "/console/models", ""),
        new Kind("problem's page", 200, "GET", "/problems/not-found", ""),
        new Kind("health", 200, "GET", "/health/live", ""),
        new Kind("figures", 200, "GET", "/metrics", ""),
        new Kind("redirect", 303, "GET", "/console/" + FakeService.MOVED, ""),
        new Kind("path that is not canonical", 400, "GET", "/api//v1", ""),
        new Kind("request that cannot be read", 400, "GET", MODELS, "Content-Length: x\r\n"),
        new Kind("nobody asks", 401, "GET", MODELS, "Authorization: Bearer x\r\n"),
        new Kind("no route", 404, "GET", "/nothing", ""),
        new Kind("nothing there", 404, "GET", MODELS + "/" + FakeService.MISSING, ""),
        new Kind("no method", 405, "DELETE", MODELS, ""),
        new Kind("no options", 405, "OPTIONS", MODELS, "Origin: https://evil.example\r\n"),
        new Kind("body too large", 413, "POST", MODELS, json + "Content-Length: 9999999\r\n"),
        new Kind("target too long", 414, "GET", "/" + "a".repeat(9000), ""),
        new Kind("over the limit", 429, "DELETE", MODELS, ""),
        new Kind("headers too large", 431, "GET", MODELS, "X: " + "a".repeat(17_000) + "\r\n"),
        new Kind("service hangs up", 502, "GET", MODELS + "/" + FakeService.BROKEN, ""),
        new Kind("service is down", 503, "GET", "/api/v1/policies", ""),
        new Kind("service is slow", 504, "GET", MODELS + "/" + FakeService.SLOW, ""));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void every_answer_bears_them(Kind kind) throws Exception {
    var headers = headers(gateway, kind);

    assertThat(headers.get("x-content-type-options")).isEqualTo("nosniff");
    assertThat(headers.get("x-frame-options")).isEqualTo("DENY");
    assertThat(headers.get("referrer-policy")).isEqualTo("same-origin");
    assertThat(headers.get("content-security-policy")).contains("frame-ancestors 'none'");
    assertThat(headers.get("cross-origin-opener-policy")).isEqualTo("same-origin");
    assertThat(headers.get("cross-origin-resource-policy")).isEqualTo("same-origin");
    assertThat(headers).containsKeys("permissions-policy", "cache-control");
    assertThat(headers)
        .doesNotContainKeys("server", "x-powered-by", "strict-transport-security")
        .allSatisfy((name, value) -> assertThat(name).doesNotStartWith("access-control-"));
    if (kind.status() >= 400 && !kind.method().equals("HEAD")) {
      assertThat(headers.get("content-type")).isEqualTo("application/problem+json");
    }
    if (kind.status() == 429 || kind.status() == 503) {
      assertThat(headers.get("retry-after")).matches("[0-9]+");
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void behind_a_declared_proxy_every_answer_asks_for_tls(Kind kind) throws Exception {
    assertThat(headers(proxied, kind).get("strict-transport-security"))
        .isEqualTo("max-age=31536000");
  }

  private static Map<String, String> headers(EmbeddedServer server, Kind kind) throws Exception {
    var user = kind.status() == 429 ? "greedy" : kind.toString().replace(' ', '-');
    if (kind.status() == 429) {
      answer(server, kind, user);
    }
    var lines = answer(server, kind, user).lines().takeWhile(line -> !line.isEmpty()).toList();
    assertThat(lines.getFirst()).contains(" " + kind.status() + " ");
    var headers = new TreeMap<String, String>();
    for (var line : lines.subList(1, lines.size())) {
      var parts = List.of(line.split(": ?", 2));
      headers.put(parts.getFirst().toLowerCase(Locale.ROOT), parts.getLast());
    }
    return headers;
  }

  private static String answer(EmbeddedServer server, Kind kind, String user) throws Exception {
    var authorization =
        kind.headers().contains("Authorization")
            ? Optional.<String>empty()
            : Optional.of("Authorization: Bearer " + ISSUER.token(user, "auditor") + "\r\n");
    try (var socket = new Socket("127.0.0.1", server.getPort())) {
      socket.setSoTimeout(10_000);
      var request =
          kind.method()
              + " "
              + kind.target()
              + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
              + authorization.orElse("")
              + kind.headers()
              + "\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
