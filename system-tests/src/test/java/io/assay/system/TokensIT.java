package io.assay.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tokens that must not be taken, by the gateway and by a service called past it. */
class TokensIT {

  private static final String PATH = "/api/v1/datasets?limit=1";

  @TestFactory
  Stream<DynamicTest> aTokenThatIsNotGenuineIsRefusedEverywhere() throws Exception {
    var refused = new LinkedHashMap<String, String>();
    var jwks = Http.sendTo(Assays.shared().issuer(), null, "GET", "/jwks", null).body();
    refused.put("none", "");
    refused.put("no token at all", "Bearer");
    refused.put("garbage", "Bearer x.y.z");
    Forgeries.of(Assays.token("ml-engineer-1"), jwks)
        .forEach((fault, token) -> refused.put(fault, "Bearer " + token));
    refused.put("basic", "Basic bWwtZW5naW5lZXItMTp4");
    return Stream.of("gateway", "registry")
        .flatMap(
            service ->
                refused.entrySet().stream()
                    .map(
                        token ->
                            DynamicTest.dynamicTest(
                                token.getKey() + ", " + service,
                                () -> assertThat(status(service, token)).isEqualTo(401))));
  }

  @Test
  void aGenuineTokenIsTakenByTheGatewayAndByTheServiceItself() {
    var token = Map.entry("genuine", "Bearer " + Assays.token("ml-engineer-1"));
    assertThat(status("gateway", token)).isEqualTo(200);
    assertThat(status("registry", token)).isEqualTo(200);
  }

  @Test
  void theTokensOfADisabledUserReadButDecideNothing() throws IOException {
    var nothing = "/api/v1/models/00000000-0000-4000-8000-000000000000/versions/1/promotions";
    assertThat(Http.send("ml-engineer-2", "POST", nothing, "{}").statusCode()).isNotEqualTo(401);
    disable("ml-engineer-2", true);
    try {
      assertThat(Http.send("ml-engineer-2", "POST", nothing, "{}").statusCode()).isEqualTo(401);
      assertThat(Http.send("ml-engineer-2", "POST", "/api/v1/deployments", "{}").statusCode())
          .isEqualTo(401);
      var key = Keys.body("after the end", Instant.now().plusSeconds(600), "ml-engineer");
      assertThat(Http.send("ml-engineer-2", "POST", Keys.PATH, key).statusCode()).isEqualTo(401);
      assertThat(Http.send("ml-engineer-2", "GET", PATH, null).statusCode()).isEqualTo(200);
    } finally {
      disable("ml-engineer-2", false);
    }
    assertThat(Http.send("ml-engineer-2", "POST", nothing, "{}").statusCode()).isNotEqualTo(401);
  }

  private static void disable(String user, boolean yes) throws IOException {
    var secret = Files.readString(Assays.shared().issuerSecret()).strip();
    var form = "username=" + user + "&enabled=" + !yes + "&client_secret=" + secret;
    var answer =
        Http.send(
            HttpRequest.newBuilder(URI.create(Assays.shared().issuer() + "/users/disabled"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build());
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Test
  void headersThatClaimAnIdentityAreNoIdentity() {
    var request =
        HttpRequest.newBuilder(URI.create(Assays.shared().url() + PATH))
            .header("X-Forwarded-User", "admin-1")
            .header("X-Assay-Actor", "admin-1")
            .header("Assay-Actor", "admin-1")
            .build();
    assertThat(Http.send(request).statusCode()).isEqualTo(401);
  }

  private static int status(String service, Map.Entry<String, String> token) {
    return Http.sendTo(
            Assays.shared().service(service),
            token.getValue().isEmpty() ? null : token.getValue(),
            "GET",
            PATH,
            null)
        .statusCode();
  }
}
