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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An instance that does not answer is left alone for a while, then tried again. */
class BreakersTest {

  private static final String MODELS = "/api/v1/models";
  private static final int LEAST = 4;

  private final TestIssuer issuer = new TestIssuer();
  private final FakeService service = new FakeService();
  private final FakeService other = new FakeService();

  @AfterEach
  void stop() {
    service.close();
    other.close();
    issuer.close();
  }

  @Test
  void a_service_that_breaks_off_is_left_alone_and_the_answer_says_for_how_long() throws Exception {
    service.hangsUp = true;
    try (var gateway = before(List.of(service.url()), Map.of("pause", "7m"))) {
      for (int i = 0; i < LEAST; i++) {
        assertThat(post(gateway, MODELS).statusCode()).isEqualTo(502);
      }
      int asked = service.hangUps.get();

      var answer = post(gateway, MODELS);

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).contains("420");
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
      assertThat(service.hangUps).hasValue(asked);
      assertThat(metrics(gateway))
          .containsPattern("assay_gateway_breaker_open\\{[^}]*registry at [^}]*} 1");
    }
  }

  /** Being asked how it is does not change what was seen of it. */
  @Test
  void an_instance_that_says_it_is_ready_and_breaks_off_is_left_alone_all_the_same()
      throws Exception {
    service.hangsUp = true;
    try (var gateway =
        before(
            List.of(service.url()), Map.of("pause", "1h"), Map.of("assay.services-probe", "5ms"))) {
      for (int i = 0; i < LEAST; i++) {
        assertThat(post(gateway, MODELS).statusCode()).isEqualTo(502);
        int asked = service.probes.get();
        await().until(() -> service.probes.get() >= asked + 2);
      }
      assertThat(post(gateway, MODELS).statusCode()).isEqualTo(503);
    }
  }

  @Test
  void after_the_pause_a_few_requests_find_out_that_it_answers_again() throws Exception {
    service.hangsUp = true;
    try (var gateway = before(List.of(service.url()), Map.of("pause", "50ms", "trials", "1"))) {
      for (int i = 0; i < LEAST; i++) {
        post(gateway, MODELS);
      }
      service.hangsUp = false;
      await().until(() -> post(gateway, MODELS).statusCode() == 200);
      for (int i = 0; i < LEAST; i++) {
        assertThat(post(gateway, MODELS).statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void an_instance_that_is_too_slow_leaves_the_work_to_the_other() throws Exception {
    try (var gateway =
        before(
            List.of(service.url()),
            Map.of("pause", "1h"),
            Map.of("assay.gateway.timeout", "100ms"))) {
      for (int i = 0; i < LEAST; i++) {
        assertThat(get(gateway, MODELS + "?" + FakeService.SLOW).statusCode()).isEqualTo(504);
      }
      assertThat(get(gateway, MODELS).statusCode()).isEqualTo(503);
    }
  }

  @Test
  void what_the_other_instance_can_do_is_done() throws Exception {
    service.hangsUp = true;
    try (var gateway = before(List.of(service.url(), other.url()), Map.of("pause", "1h"))) {
      for (int i = 0; i < 10 * LEAST; i++) {
        assertThat(get(gateway, MODELS).statusCode()).isEqualTo(200);
      }
      assertThat(service.hangUps.get()).isLessThanOrEqualTo(LEAST);
    }
  }

  @Test
  void refusals_are_answers() throws Exception {
    try (var gateway = before(List.of(service.url()), Map.of("pause", "1h"))) {
      for (int i = 0; i < 3 * LEAST; i++) {
        assertThat(get(gateway, MODELS + "/" + FakeService.MISSING).statusCode()).isEqualTo(404);
      }
      assertThat(get(gateway, MODELS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void an_instance_that_has_come_back_is_not_held_to_what_was_before() throws Exception {
    service.hangsUp = true;
    service.ready = false;
    try (var gateway =
        before(
            List.of(service.url()),
            Map.of("pause", "1h"),
            Map.of("assay.services-probe", "20ms"))) {
      for (int i = 0; i < LEAST; i++) {
        post(gateway, MODELS);
      }
      assertThat(post(gateway, MODELS).statusCode()).isEqualTo(503);
      int asked = service.probes.get();
      await().until(() -> service.probes.get() >= asked + 2);

      service.hangsUp = false;
      service.ready = true;

      await().until(() -> post(gateway, MODELS).statusCode() == 200);
    }
  }

  private EmbeddedServer before(List<String> instances, Map<String, String> breaker) {
    return before(instances, breaker, Map.of());
  }

  private EmbeddedServer before(
      List<String> instances, Map<String, String> breaker, Map<String, String> more) {
    var properties = new HashMap<String, Object>();
    properties.put("assay.services.registry.urls", instances);
    properties.put("assay.services-probe", "1h");
    properties.put("assay.gateway.breaker.calls", LEAST);
    properties.put("assay.gateway.breaker.least-calls", LEAST);
    breaker.forEach((name, value) -> properties.put("assay.gateway.breaker." + name, value));
    properties.putAll(more);
    return GatewayUnderTest.start(service, issuer, properties);
  }

  private HttpResponse<String> post(EmbeddedServer gateway, String path) throws Exception {
    return send(
        gateway,
        path,
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}")));
  }

  private HttpResponse<String> get(EmbeddedServer gateway, String path) throws Exception {
    return send(gateway, path, HttpRequest.newBuilder().GET());
  }

  private String metrics(EmbeddedServer gateway) throws Exception {
    return send(gateway, "/metrics", HttpRequest.newBuilder().GET()).body();
  }

  private HttpResponse<String> send(
      EmbeddedServer gateway, String path, HttpRequest.Builder request) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
          request
              .uri(URI.create("http://127.0.0.1:" + gateway.getPort() + path))
              .header("Authorization", "Bearer " + issuer.token("ada", "ml-engineer"))
              .build(),
          BodyHandlers.ofString());
    }
  }
}
