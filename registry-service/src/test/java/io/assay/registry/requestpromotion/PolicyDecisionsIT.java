package io.assay.registry.requestpromotion;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.assay.registry.testing.RegistryService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the registry makes of a policy service that does not answer as it should. */
class PolicyDecisionsIT {

  private record Said(int status, String type, String body) {}

  private static HttpServer policy;
  private static RegistryService registry;
  private static volatile Said says = new Said(500, "text/plain", "");
  private static volatile String authorization = "";

  @BeforeAll
  static void start() throws IOException {
    policy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    policy.createContext(
        "/",
        exchange -> {
          authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
          exchange.getRequestBody().readAllBytes();
          var bytes = says.body().getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", says.type());
          exchange.sendResponseHeaders(says.status(), bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    policy.start();
    registry =
        new RegistryService(
            Map.of(
                "assay.services.policy.url", "http://127.0.0.1:" + policy.getAddress().getPort()));
  }

  @AfterAll
  static void stop() {
    registry.close();
    policy.stop(0);
  }

  @Test
  void aPolicyThatFailsIsUnavailableAndNotARefusal() {
    assertUnavailable(
        "failing", new Said(500, "application/problem+json", problem(500, "internal")));
    assertUnavailable("bare-failing", new Said(502, "text/html", "<html>"));
  }

  @Test
  void aPolicyThatDoesNotKnowTheCallerIsUnavailable() {
    assertUnavailable(
        "stranger", new Said(401, "application/problem+json", problem(401, "unauthenticated")));
  }

  @Test
  void anAnswerThatIsNoDecisionIsUnavailable() {
    assertUnavailable("garbage", new Said(201, "application/json", "{\"id\":"));
    assertUnavailable("empty", new Said(201, "application/json", ""));
  }

  @Test
  void itsOwnProblemIsPassedOn() {
    says = new Said(409, "application/problem+json", problem(409, "wrong-state"));
    var answer = ask("passed-on");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body().get("type").asText()).endsWith("/problems/wrong-state");
    assertThat(authorization).as("the caller's own token").startsWith("Bearer ");
  }

  private static void assertUnavailable(String model, Said said) {
    says = said;
    var answer = ask(model);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(503);
    assertThat(answer.response().headers().firstValue("Retry-After")).isPresent();
  }

  private static RegistryService.Answer ask(String model) {
    return registry.post(
        registry.readyVersion(model) + "/promotions", "{\"environment\":\"production\"}");
  }

  private static String problem(int status, String slug) {
    return """
        {"type":"/problems/%s","status":%d,"title":"t","detail":"d"}"""
        .formatted(slug, status);
  }
}
