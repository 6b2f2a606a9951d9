package io.assay.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.assay.client.lineage.LogApi;
import io.assay.client.registry.DatasetsApi;
import io.assay.client.registry.DeploymentsApi;
import io.assay.client.registry.model.DeploymentState;
import io.assay.client.registry.model.NewDataset;
import io.assay.client.registry.model.PolicyStanding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
class ClientsTest {

  private static final String DATASET =
      """
      {"id":"7b0b8a52-7d4e-4b53-9a5e-3f0c6a6d4a11","name":"compas","createdAt":"2026-01-02T03:04:05.123456Z",\
      "createdBy":"p-1","position":41,"addedLater":true}""";

  private record Received(String line, String authorization, String workspace, String body) {}

  private record Answer(int status, String type, String body) {}

  private final List<Received> received = new CopyOnWriteArrayList<>();
  private volatile Answer answer = new Answer(200, "application/json", "{}");
  private HttpServer server;
  private Assay assay;

  @BeforeAll
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::respond);
    server.start();
    assay = Assay.at(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  @AfterAll
  void stop() {
    assay.close();
    server.stop(0);
  }

  @BeforeEach
  void forget() {
    received.clear();
  }

  @Test
  void aCallBearsTheTokenAndTheWorkspaceOfItsCaller() {
    answer = new Answer(201, "application/json", DATASET);
    var one = assay.as(() -> "token-1").client(DatasetsApi.class);
    var two = assay.as(() -> "token-2").in("research").client(DatasetsApi.class);

    one.registerDataset(new NewDataset("compas"), null);
    two.registerDataset(new NewDataset("compas"), "key-1");

    assertThat(received)
        .containsExactly(
            new Received(
                "POST /api/v1/datasets", "Bearer token-1", "default", "{\"name\":\"compas\"}"),
            new Received(
                "POST /api/v1/datasets", "Bearer token-2", "research", "{\"name\":\"compas\"}"));
  }

  @Test
  void anAnswerMayHaveFieldsThatThisClientDoesNotKnow() {
    answer = new Answer(201, "application/json", DATASET);

    var response =
        assay
            .as(() -> "token")
            .client(DatasetsApi.class)
            .registerDataset(new NewDataset("compas"), null);

    assertThat(response.code()).isEqualTo(201);
    assertThat(Assay.position(response)).isEqualTo(41);
    assertThat(response.body().getName()).isEqualTo("compas");
    assertThat(response.body().getCreatedAt()).hasToString("2026-01-02T03:04:05.123456Z");
  }

  @Test
  void namesAndEnumsAreSpelledInAddressesAsInTheDescription() {
    answer = new Answer(200, "application/json", "{\"items\":[]}");
    var caller = assay.as(() -> "token");

    caller
        .client(DeploymentsApi.class)
        .listDeployments(
            DeploymentState.OBSERVED,
            null,
            "recidivism risk é",
            PolicyStanding.OUT_OF_POLICY,
            null,
            null,
            null);
    caller.client(DatasetsApi.class).listDatasetVersions("two words", null, null, null);

    assertThat(received)
        .extracting(Received::line)
        .containsExactly(
            "GET /api/v1/deployments?state=observed&model=recidivism+risk+%C3%A9&policyStanding=out-of-policy&limit=100",
            "GET /api/v1/datasets/two%20words/versions?limit=100");
  }

  @Test
  void aRefusalIsAnExceptionThatHoldsTheProblem() {
    answer =
        new Answer(
            403,
            "application/problem+json",
            """
            {"type":"/problems/policy-refused","title":"Refused by policy","status":403,"detail":"One condition is missed.",\
            "conditions":[{"name":"equalized odds","severity":"blocking","outcome":"missed","actual":"0.2","required":"at most 0.10",\
            "shortfall":"0.1","sources":[7]}],"decision":"7b0b8a52-7d4e-4b53-9a5e-3f0c6a6d4a11","furtherMember":1}""");

    assertThatThrownBy(() -> assay.as(() -> "token").client(LogApi.class).verifyLog(null))
        .isInstanceOfSatisfying(
            ProblemResponse.class,
            refusal -> {
              assertThat(refusal).hasMessage("403 Refused by policy: One condition is missed.");
              assertThat(refusal.problem().getConditions())
                  .singleElement()
                  .satisfies(condition -> assertThat(condition.getShortfall()).isEqualTo("0.1"));
            });
  }

  @Test
  void whatIsNotFoundIsAnExceptionAndNotNull() {
    answer =
        new Answer(
            404,
            "application/problem+json",
            "{\"type\":\"/problems/not-found\",\"title\":\"Not found\",\"status\":404}");
    var caller = assay.as(() -> "token");

    assertThatThrownBy(() -> caller.client(DatasetsApi.class).getDataset("none", null))
        .isInstanceOfSatisfying(
            ProblemResponse.class,
            refusal -> assertThat(refusal.problem().getTitle()).isEqualTo("Not found"));
    assertThatThrownBy(
            () ->
                caller
                    .client(DatasetsApi.class)
                    .getDatasetVersion("none", UUID.randomUUID().toString(), null))
        .isInstanceOfSatisfying(
            ProblemResponse.class, refusal -> assertThat(refusal.status()).isEqualTo(404));
  }

  @Test
  void anErrorThatIsNoProblemDocumentIsAnExceptionAllTheSame() {
    answer = new Answer(502, "text/html", "<h1>Bad gateway</h1>");

    assertThatThrownBy(() -> assay.as(() -> "token").client(LogApi.class).getLog(null))
        .isInstanceOfSatisfying(
            ProblemResponse.class,
            refusal -> {
              assertThat(refusal.status()).isEqualTo(502);
              assertThat(refusal.problem().getType()).isEqualTo("about:blank");
            });
  }

  @Test
  void theBytesOfAnArtifactAreStreamedToItsPlainPath(@TempDir Path folder) throws IOException {
    answer =
        new Answer(
            200,
            "application/json",
            """
            {"path":"model/weights 1.bin","digest":"%s","size":5,"stored":true}"""
                .formatted("a".repeat(64)));
    Path file = Files.writeString(folder.resolve("weights"), "12345");

    var artifacts = assay.as(() -> "token").artifacts();
    var stored = artifacts.upload("recidivism-risk", "1", "model/weights 1.bin", file);
    artifacts.download("recidivism-risk", "1", "model/weights 1.bin", file);

    assertThat(stored.getStored()).isTrue();
    assertThat(file).hasContent(answer.body());
    assertThat(received)
        .containsExactly(
            new Received(
                "PUT /api/v1/models/recidivism-risk/versions/1/artifacts/model/weights%201.bin",
                "Bearer token", "default", "12345"),
            new Received(
                "GET /api/v1/models/recidivism-risk/versions/1/artifacts/model/weights%201.bin",
                "Bearer token", "default", ""));
  }

  @Test
  void aRefusedUploadIsAProblemToo() {
    answer =
        new Answer(
            422,
            "application/problem+json",
            "{\"type\":\"/problems/digest-mismatch\",\"title\":\"Digest mismatch\",\"status\":422}");

    assertThatThrownBy(
            () -> assay.as(() -> "token").artifacts().upload("m", "1", "a", new byte[] {1}))
        .isInstanceOf(ProblemResponse.class)
        .hasMessage("422 Digest mismatch");
  }

  private void respond(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = exchange.getRequestHeaders();
      received.add(
          new Received(
              exchange.getRequestMethod() + " " + exchange.getRequestURI(),
              String.valueOf(headers.getFirst("Authorization")),
              String.valueOf(headers.getFirst("Assay-Workspace")),
              new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
      byte[] body = answer.body().getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      exchange.getResponseHeaders().set("Assay-Position", "41");
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
