package io.assay.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.assay.platform.sample.SampleService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The marks of {@code openapi/sample.yaml}: POST samples introspects, the dry run steps up. */
class GuardFilterTest {

  private static final String SAMPLES = "/api/v1/samples";
  private static final String DRY_RUN = SAMPLES + "/dry-run";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private volatile String answer = "{\"active\":true}";
  private HttpServer issuer;
  private SampleService service;

  @BeforeEach
  void start() throws IOException {
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.createContext(
        "/introspect",
        exchange -> {
          asked.add(
              exchange.getRequestHeaders().getFirst("Authorization")
                  + ' '
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          var bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    issuer.start();
    service =
        new SampleService(
            Map.of(
                "assay.identity.introspection.url",
                    "http://127.0.0.1:" + issuer.getAddress().getPort() + "/introspect",
                "assay.identity.introspection.client-secret", "s:cret",
                "assay.identity.step-up.acr-values", "2,3",
                "assay.identity.step-up.max-age", "5m"));
  }

  @AfterEach
  void stop() {
    service.close();
    issuer.stop(0);
  }

  @Test
  void a_marked_operation_asks_the_issuer_each_time_with_the_clients_credentials() {
    var token = service.issuer.token("ada", "ml-engineer");
    assertThat(post(token, SAMPLES).statusCode()).isEqualTo(201);
    assertThat(post(token, SAMPLES).statusCode()).isEqualTo(201);

    assertThat(asked)
        .hasSize(2)
        .allSatisfy(
            question ->
                assertThat(question)
                    .startsWith(
                        "Basic "
                            + Base64.getEncoder()
                                .encodeToString(
                                    "assay:s%3Acret".getBytes(StandardCharsets.US_ASCII)))
                    .contains("token=" + token));
  }

  @Test
  void what_is_not_marked_does_not_ask() {
    assertThat(service.get(SAMPLES).statusCode()).isEqualTo(200);
    assertThat(service.get(SAMPLES + "/one").statusCode()).isEqualTo(200);
    assertThat(asked).isEmpty();
  }

  @Test
  void who_may_not_is_refused_before_the_issuer_is_asked() {
    var auditor = post(service.issuer.token("ada", "auditor"), SAMPLES);
    assertThat(auditor.statusCode()).isEqualTo(403);
    assertThat(post("garbage", SAMPLES).statusCode()).isEqualTo(401);
    assertThat(asked).isEmpty();
  }

  @Test
  void a_token_that_the_issuer_no_longer_stands_by_is_refused() {
    answer = "{\"active\":false}";
    refused(401, "unauthenticated");
  }

  @Test
  void an_answer_about_somebody_else_is_refused() {
    answer = "{\"active\":true,\"sub\":\"eve\"}";
    refused(401, "unauthenticated");
    answer = "{\"active\":true,\"sub\":\"ada\"}";
    assertThat(post(service.issuer.token("ada", "ml-engineer"), SAMPLES).statusCode())
        .isEqualTo(201);
  }

  @Test
  void without_an_answer_nothing_is_done() {
    for (var nonsense :
        List.of("", "{}", "{\"active\":\"true\"}", "{\"active\":1}", "[]", "<html>")) {
      answer = nonsense;
      refused(503, "unavailable");
    }
    answer = "{\"active\":true}";
    for (var other : List.of(401, 403, 404, 500)) {
      status = other;
      refused(503, "unavailable");
    }
    issuer.stop(0);
    var refusal = refused(503, "unavailable");
    assertThat(refusal.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void a_recent_authentication_of_a_level_that_suffices_passes() {
    assertThat(dryRun("2", 0)).isEqualTo(200);
    assertThat(dryRun("3", 290)).isEqualTo(200);
  }

  @Test
  void a_weaker_or_older_authentication_is_told_what_is_needed() {
    assertThat(dryRun("1", 0)).isEqualTo(401);
    assertThat(dryRun("20", 0)).isEqualTo(401);
    assertThat(dryRun("2", 330)).isEqualTo(401);
    var without = service.issuer.claims("ada", "ml-engineer").claim("acr", "2").build();
    assertThat(post(service.issuer.sign(without), DRY_RUN).statusCode()).isEqualTo(401);

    var answered = post(service.issuer.token("ada", "ml-engineer"), DRY_RUN);
    assertThat(answered.headers().allValues("WWW-Authenticate"))
        .singleElement()
        .asString()
        .contains("error=\"insufficient_user_authentication\"")
        .contains("acr_values=\"2 3\"")
        .contains("max_age=\"300\"");
    assertThat(answered.body()).contains("/problems/insufficient-authentication");
  }

  @Test
  void production_does_not_start_without_an_issuer_to_ask() {
    assertThatThrownBy(() -> new SampleService(Map.of("assay.profile", "production")).get(SAMPLES))
        .hasStackTraceContaining("assay.identity.introspection.url");
  }

  private HttpResponse<String> refused(int expected, String slug) {
    var answered = post(service.issuer.token("ada", "ml-engineer"), SAMPLES);
    assertThat(answered.statusCode()).as(answer).isEqualTo(expected);
    assertThat(answered.body()).contains("/problems/" + slug);
    return answered;
  }

  private int dryRun(String level, long secondsAgo) {
    var claims =
        service
            .issuer
            .claims("ada", "ml-engineer")
            .claim("acr", level)
            .claim("auth_time", Instant.now().getEpochSecond() - secondsAgo)
            .build();
    return post(service.issuer.sign(claims), DRY_RUN).statusCode();
  }

  private HttpResponse<String> post(String token, String path) {
    return service.send(
        HttpRequest.newBuilder(service.uri(path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"name\":\"a\",\"amount\":1}"))
            .build());
  }
}
