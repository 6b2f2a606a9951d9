package io.assay.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.platform.testing.TestCertificate;
import io.assay.platform.testing.TestIssuer;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

  private static final TestIssuer ISSUER = new TestIssuer();
  private static final FakeService SERVICE = new FakeService();

  @TempDir private static Path folder;
  private static TestCertificate certificate;

  @BeforeAll
  static void certify() throws Exception {
    certificate = new TestCertificate(folder);
  }

  @AfterAll
  static void stop() {
    SERVICE.close();
    ISSUER.close();
  }

  @Test
  void it_speaks_tls_with_the_certificate_and_says_that_it_always_will() throws Exception {
    try (var gateway = gateway(tls(certificate.certificate(), certificate.key()))) {
      var answer = get(gateway, "/api/v1/models");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.sslSession())
          .hasValueSatisfying(session -> assertThat(session.getProtocol()).isEqualTo("TLSv1.3"));
      assertThat(answer.headers().firstValue("Strict-Transport-Security"))
          .hasValue("max-age=31536000");
      assertThat(get(gateway, "//").headers().firstValue("Strict-Transport-Security")).isPresent();
    }
  }

  @Test
  void plain_http_on_its_port_is_not_answered() throws IOException {
    try (var gateway = gateway(tls(certificate.certificate(), certificate.key()));
        var socket = new Socket("127.0.0.1", gateway.getPort())) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(
              "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
          .doesNotContain("HTTP/");
    }
  }

  @Test
  void a_cookie_of_the_console_is_marked_as_one_for_tls_only() throws Exception {
    try (var gateway = gateway(tls(certificate.certificate(), certificate.key()))) {
      assertThat(get(gateway, "/console/cookie").headers().allValues("Set-Cookie"))
          .containsExactlyInAnyOrder("a=1; HttpOnly; Secure", "b=2; secure");
    }
  }

  @Test
  void without_a_key_it_does_not_start() {
    assertThatThrownBy(
            () ->
                gateway(Map.of("assay.tls.certificate-file", certificate.certificate().toString())))
        .hasStackTraceContaining("assay.tls.key-file is missing");
  }

  @Test
  void what_is_no_key_is_named_when_it_does_not_start() {
    assertThatThrownBy(() -> gateway(tls(certificate.certificate(), certificate.certificate())))
        .hasStackTraceContaining("are no PEM certificate and PKCS #8 key");
  }

  private static Map<String, Object> tls(Path certificate, Path key) {
    return Map.of(
        "assay.tls.certificate-file", certificate.toString(), "assay.tls.key-file", key.toString());
  }

  private static EmbeddedServer gateway(Map<String, Object> more) {
    return GatewayUnderTest.start(SERVICE, ISSUER, more);
  }

  private static HttpResponse<String> get(EmbeddedServer gateway, String path) throws Exception {
    try (var http = HttpClient.newBuilder().sslContext(certificate.trusting()).build()) {
      return http.send(
          HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + gateway.getPort() + path))
              .header("Authorization", "Bearer " + ISSUER.token("ada", "auditor"))
              .build(),
          BodyHandlers.ofString());
    }
  }
}
