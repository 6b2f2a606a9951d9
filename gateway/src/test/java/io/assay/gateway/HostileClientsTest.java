package io.assay.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.platform.testing.TestIssuer;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no library sends: bytes on a socket. */
class HostileClientsTest {

  private static final String MODELS = "/api/v1/models";
  private static final String ARTIFACT = MODELS + "/m/versions/1/artifacts/weights/w.bin";
  private static final int PATIENCE_MILLIS = 30_000;

  private static final TestIssuer ISSUER = new TestIssuer();
  private static final FakeService SERVICE = new FakeService();
  private static EmbeddedServer gateway;
  private static String token;

  @BeforeAll
  static void start() {
    gateway =
        GatewayUnderTest.start(
            SERVICE,
            ISSUER,
            Map.of(
                "assay.gateway.header-timeout", "300ms",
                "assay.gateway.body-timeout", "300ms"));
    token = ISSUER.token("ada", "ml-engineer");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    SERVICE.close();
    ISSUER.close();
  }

  @BeforeEach
  void forget() {
    SERVICE.arrived.clear();
  }

  @Test
  void headers_that_trickle_in_are_cut_off() throws IOException {
    try (var socket = connect()) {
      send(socket, "GET " + MODELS + " HTTP/1.1\r\nHost: x\r\n");
      assertThat(cutOffWhileSending(socket, "X-A: 1\r\n")).isTrue();
    }
    assertThat(SERVICE.arrived).isEmpty();
    assertThat(figure("assay_gateway_closed_total{reason=\"headers\"}")).isPositive();
  }

  @Test
  void a_request_line_that_does_not_end_is_cut_off() throws IOException {
    try (var socket = connect()) {
      assertThat(cutOffWhileSending(socket, "G")).isTrue();
    }
  }

  @Test
  void a_json_body_that_trickles_in_is_cut_off() throws IOException {
    try (var socket = connect()) {
      send(
          socket, head("POST", MODELS, "Content-Type: application/json\r\nContent-Length: 100000"));
      assertThat(cutOffWhileSending(socket, " ")).isTrue();
    }
    assertThat(figure("assay_gateway_closed_total{reason=\"body\"}")).isPositive();
  }

  @Test
  void an_upload_that_trickles_in_is_cut_off_in_chunks_too() throws IOException {
    try (var socket = connect()) {
      send(
          socket,
          head(
              "PUT",
              ARTIFACT,
              "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked"));
      assertThat(cutOffWhileSending(socket, "1\r\nx\r\n")).isTrue();
    }
  }

  @Test
  void a_body_that_stops_is_cut_off() throws IOException {
    try (var socket = connect()) {
      send(
          socket,
          head(
              "PUT",
              ARTIFACT,
              "Content-Type: application/octet-stream\r\nContent-Length: 1000000"));
      send(socket, "x".repeat(1000));
      assertThat(answer(socket)).isEmpty();
    }
  }

  @Test
  void a_connection_that_is_kept_open_between_requests_is_not_cut_off() throws IOException {
    try (var socket = connect()) {
      send(socket, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(read(socket, "}")).startsWith("HTTP/1.1 200");
      socket.setSoTimeout(1_000); // three times what headers may take
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      socket.setSoTimeout(PATIENCE_MILLIS);
      send(socket, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(read(socket, "}")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void a_target_that_is_too_long_is_a_414() throws IOException {
    problem(raw(head("GET", MODELS + "?q=" + "a".repeat(9000), "Connection: close")), 414);
  }

  @Test
  void headers_that_are_too_large_are_a_431() throws IOException {
    problem(raw(head("GET", MODELS, "X-Large: " + "a".repeat(17_000))), 431);
  }

  @Test
  void headers_that_are_too_many_are_a_431() throws IOException {
    problem(raw(head("GET", MODELS, "X-A: 1\r\n".repeat(100) + "Connection: close")), 431);
  }

  @ParameterizedTest
  @ValueSource(ints = {9_000, 100_000, 5_000_000})
  void the_answer_to_what_cannot_be_read_says_that_the_connection_closes_and_arrives(int length)
      throws IOException {
    try (var socket = connect()) {
      send(socket, "GET " + MODELS + "?q=");
      for (int sent = 0; sent < length; sent += 1_000) {
        send(socket, "a".repeat(1_000));
      }
      send(socket, " HTTP/1.1\r\nHost: x\r\n\r\n");
      var answer = answer(socket);
      problem(answer, 414);
      assertThat(answer).containsIgnoringCase("connection: close");
    }
  }

  @Test
  void who_does_not_stop_sending_what_cannot_be_read_is_cut_off() throws IOException {
    try (var socket = connect()) {
      send(socket, "GET " + "a".repeat(9_000));
      assertThat(cutOffWhileSending(socket, "aaaa")).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Content-Length: 4\r\nContent-Length: 5",
        "Content-Length: 4\r\nContent-Length: 4",
        "Content-Length: 4, 5",
        "Content-Length: +4",
        "Content-Length: -4",
        "Content-Length: 0x4",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding:\u000bchunked",
        "X: a\rTransfer-Encoding: chunked"
      })
  void framing_that_can_be_read_in_two_ways_is_a_400_and_ends_the_connection(String framing)
      throws IOException {
    var smuggled = "0\r\n\r\nGET /api/v1/policies HTTP/1.1\r\nHost: x\r\n\r\n";
    var answer =
        raw(head("POST", MODELS, "Content-Type: application/json\r\n" + framing) + smuggled);
    problem(answer, 400);
    assertThat(answer.split("HTTP/1", -1)).as("answers").hasSize(2);
    assertThat(SERVICE.arrived).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Host: a\r\nHost: b\r\n"})
  void a_request_of_http_1_1_names_one_host(String hosts) throws IOException {
    problem(raw("GET " + MODELS + " HTTP/1.1\r\n" + hosts + "\r\n"), 400);
  }

  @Test
  void a_client_that_asks_for_the_connection_to_be_closed_finds_it_closed() throws IOException {
    assertThat(raw(head("GET", MODELS, "Connection: close"))).contains(" 200 ");
  }

  @Test
  void http_1_0_is_answered_and_the_connection_closed() throws IOException {
    assertThat(raw("GET /health/live HTTP/1.0\r\n\r\n"))
        .startsWith("HTTP/1.")
        .contains(" 200 ")
        .contains("UP");
    assertThat(raw("GET " + MODELS + " HTTP/1.0\r\nAuthorization: Bearer " + token + "\r\n\r\n"))
        .contains(" 200 ")
        .contains("{\"ok\":true}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "CONNECT", "BREW", "OPTIONS", "get"})
  void a_method_that_no_description_names_is_refused(String method) throws IOException {
    problem(raw(head(method, MODELS, "Connection: close")), 405);
    assertThat(SERVICE.arrived).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/2.0", "HTTP/0.9", "HTTP/1.x", "ICY"})
  void another_protocol_is_not_answered_with_success(String protocol) throws IOException {
    assertThat(raw("GET /health/live " + protocol + "\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .doesNotContain(" 200 ");
  }

  private static Socket connect() throws IOException {
    var socket = new Socket("127.0.0.1", gateway.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static String head(String method, String target, String headers) {
    return method
        + " "
        + target
        + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
        + token
        + "\r\n"
        + headers
        + "\r\n\r\n";
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends the same over and over, a little at a time, until the other end has had enough. */
  private static boolean cutOffWhileSending(Socket socket, String little) throws IOException {
    socket.setSoTimeout(20);
    long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
    while (System.nanoTime() < deadline) {
      try {
        send(socket, little);
        if (socket.getInputStream().read() < 0) {
          return true;
        }
      } catch (SocketTimeoutException e) {
        continue; // still listening
      } catch (SocketException e) {
        return true;
      }
    }
    return false;
  }

  private static String raw(String request) throws IOException {
    try (var socket = connect()) {
      send(socket, request);
      return answer(socket);
    }
  }

  /** All that comes until the other end closes. */
  private static String answer(Socket socket) throws IOException {
    var text = new StringBuilder();
    var buffer = new byte[8192];
    try {
      for (int count; (count = socket.getInputStream().read(buffer)) >= 0; ) {
        text.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("The connection stays open after: " + text, e);
    } catch (SocketException e) {
      return text.toString(); // reset: closed as well
    }
    return text.toString();
  }

  private static String read(Socket socket, String until) throws IOException {
    var text = new StringBuilder();
    for (int c; text.indexOf(until) < 0 && (c = socket.getInputStream().read()) >= 0; ) {
      text.append((char) c);
    }
    return text.toString();
  }

  private static void problem(String answer, int status) {
    assertThat(answer)
        .matches("(?s)HTTP/1\\.[01] " + status + " .*")
        .containsIgnoringCase("content-type: application/problem+json")
        .containsIgnoringCase("x-content-type-options: nosniff")
        .contains("\"status\":" + status);
  }

  private static double figure(String name) throws IOException {
    return raw("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(0);
  }
}
