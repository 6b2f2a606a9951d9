package io.assay.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assay.platform.testing.TestIssuer;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two instances of one service, of which one is not well. */
class InstancesTest {

  private static final String MODELS = "/api/v1/models";
  private static final String BODY = "{\"name\":\"kept\"}";
  private static final int OFTEN = 10;

  private final TestIssuer issuer = new TestIssuer();
  private final FakeService good = new FakeService();
  private final FakeService bad = new FakeService();

  @AfterEach
  void stop() {
    good.close();
    bad.close();
    issuer.close();
  }

  @Test
  void an_instance_that_refuses_the_connection_costs_no_request() throws Exception {
    try (var gateway = before(List.of("http://127.0.0.1:1", good.url()), "1h")) {
      for (int i = 0; i < OFTEN; i++) {
        assertThat(send(gateway, post()).statusCode()).isEqualTo(200);
      }
      assertThat(good.arrived).hasSize(OFTEN);
    }
  }

  @Test
  void what_only_reads_is_asked_again_where_an_instance_hangs_up() throws Exception {
    bad.hangsUp = true;
    try (var gateway = before(List.of(bad.url(), good.url()), "1h")) {
      for (int i = 0; i < OFTEN; i++) {
        assertThat(send(gateway, HttpRequest.newBuilder().GET()).statusCode()).isEqualTo(200);
      }
      assertThat(good.arrived).hasSize(OFTEN);
      assertThat(bad.hangUps).hasPositiveValue();
    }
  }

  @Test
  void a_write_is_asked_again_only_with_a_key_and_then_as_it_was() throws Exception {
    bad.hangsUp = true;
    try (var gateway = before(List.of(bad.url()), "1h")) {
      assertThat(send(gateway, post()).statusCode()).isEqualTo(502);
      assertThat(send(gateway, post().header("Idempotency-Key", "k")).statusCode()).isEqualTo(502);
      assertThat(bad.hangUps).hasValue(2);
    }
    try (var gateway = before(List.of(bad.url(), good.url()), "1h")) {
      var answer = send(gateway, post());
      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(answer.body()).contains("upstream-failed");
      assertThat(good.arrived).isEmpty();
    }
    try (var gateway = before(List.of(bad.url(), good.url()), "1h")) {
      assertThat(send(gateway, post().header("Idempotency-Key", "k")).statusCode()).isEqualTo(200);
      var arrived = good.arrived.remove();
      assertThat(arrived.header("Idempotency-Key")).isEqualTo("k");
      assertThat(arrived.header("Content-Type")).startsWith("application/json");
      assertThat(arrived.bytes()).isEqualTo(BODY.length());
    }
  }

  @Test
  void an_instance_that_is_not_ready_is_not_asked() throws Exception {
    bad.ready = false;
    try (var gateway = before(List.of(bad.url(), good.url()), "20ms")) {
      send(gateway, HttpRequest.newBuilder().GET()); // from now on they are watched
      int asked = bad.probes.get();
      await().until(() -> bad.probes.get() >= asked + 2);
      bad.arrived.clear();
      for (int i = 0; i < OFTEN; i++) {
        assertThat(send(gateway, post()).statusCode()).isEqualTo(200);
      }
      assertThat(bad.arrived).isEmpty();
    }
  }

  private EmbeddedServer before(List<String> instances, String probe) {
    return GatewayUnderTest.start(
        good,
        issuer,
        Map.of("assay.services.registry.urls", instances, "assay.services-probe", probe));
  }

  private static HttpRequest.Builder post() {
    return HttpRequest.newBuilder()
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(BODY));
  }

  private HttpResponse<String> send(EmbeddedServer gateway, HttpRequest.Builder request)
      throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
          request
              .uri(URI.create("http://127.0.0.1:" + gateway.getPort() + MODELS))
              .header("Authorization", "Bearer " + issuer.token("ada", "ml-engineer"))
              .build(),
          BodyHandlers.ofString());
    }
  }
}
