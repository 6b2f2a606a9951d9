package io.assay.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.contracts.PolicyEvent.PolicyVersionActivated;
import io.assay.contracts.PolicyId;
import io.assay.contracts.PolicyVersionId;
import io.assay.contracts.PromotionEvent.ModelVersionPromoted;
import io.assay.contracts.PromotionEvent.Outcome;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.Sha256;
import io.assay.contracts.VersionId;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.view.Views;
import io.assay.registry.testing.RegistryService;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryIT {

  private static RegistryService registry;

  @BeforeAll
  static void start() {
    registry = new RegistryService();
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  @BeforeEach
  void permit() {
    registry.policy().says(Outcome.PERMIT);
    registry.policy().meanwhile(decided -> List.of());
  }

  @Test
  void theRoadFromADatasetToADeploymentIsAnsweredAndShown() {
    var dataset = registry.post("/api/v1/datasets", "{\"name\":\"compas\"}");
    assertThat(dataset.status()).as(dataset.body().toString()).isEqualTo(201);
    var datasetVersion =
        registry.post(
            "/api/v1/datasets/compas/versions",
            """
            {"digest":"%s","source":"https://example.org/compas.csv","rows":6172,
             "schema":{"fields":[{"name":"race","type":"string"}]},
             "validationReport":{"tool":"checks","passed":true,"checks":9,"failed":0}}"""
                .formatted("a".repeat(64)));
    assertThat(datasetVersion.status()).as(datasetVersion.body().toString()).isEqualTo(201);
    assertThat(datasetVersion.body().get("number").asInt()).isEqualTo(1);
    var run =
        registry.post(
            "/api/v1/runs",
            """
            {"name":"train","kind":"training","inputs":["%s"],"parameters":{"seed":"1"},
             "code":{"repository":"https://example.org/code","commit":"0123456789abcdef"}}"""
                .formatted(datasetVersion.id()));
    assertThat(run.status()).as(run.body().toString()).isEqualTo(201);
    var points =
        registry.post(
            "/api/v1/runs/" + run.id() + "/metrics",
            """
            {"points":[{"key":"loss","value":0.5,"step":1,"timestamp":"2026-01-01T00:00:00Z"},
                       {"key":"loss","value":0.4,"step":2,"timestamp":"2026-01-01T00:01:00Z"}]}""");
    assertThat(points.body().get("points").asLong()).isEqualTo(2);
    var completed =
        registry.post(
            "/api/v1/runs/" + run.id() + "/completion",
            """
            {"outcome":"finished","metrics":{"auc":0.7},"resources":{"cpuSeconds":12.5},
             "cost":{"amount":"1.25","currency":"EUR"}}""");
    assertThat(completed.status()).as(completed.body().toString()).isEqualTo(200);
    assertThat(completed.body().get("seriesPoints").asLong()).isEqualTo(2);
    var late =
        registry.post(
            "/api/v1/runs/" + run.id() + "/metrics",
            """
            {"points":[{"key":"loss","value":0.3,"step":3,"timestamp":"2026-01-01T00:02:00Z"}]}""");
    assertThat(late.status()).isEqualTo(409);
    registry.post(
        "/api/v1/systems",
        "{\"name\":\"justice\",\"purpose\":\"p\",\"owner\":\"o\",\"riskTier\":\"high\"}");
    var model =
        registry.post(
            "/api/v1/models",
            "{\"name\":\"recidivism risk\",\"system\":\"justice\",\"kind\":\"ml\",\"riskTier\":\"high\"}");
    assertThat(model.status()).as(model.body().toString()).isEqualTo(201);
    var versions = "/api/v1/models/recidivism%20risk/versions";
    var version =
        registry.post(
            versions,
            """
            {"run":"%s","artifacts":[{"path":"model/weights.bin","digest":"%s","size":5}]}"""
                .formatted(run.id(), digest("12345")));
    assertThat(version.status()).as(version.body().toString()).isEqualTo(201);
    var early = registry.post(versions + "/1/promotions", "{\"environment\":\"production\"}");
    assertThat(early.status()).isEqualTo(409);
    var stored = registry.put(versions + "/1/artifacts/model/weights.bin", utf8("12345"));
    assertThat(stored.status()).as(stored.body().toString()).isEqualTo(200);
    var bias =
        registry.post(
            versions + "/1/bias-evaluations",
            """
            {"datasetVersion":"%s","attribute":"race","referenceGroup":"white","groups":[
              {"group":"African-American","tp":1369,"fp":805,"fn":532,"tn":990},
              {"group":"white","tp":505,"fp":349,"fn":461,"tn":1139}]}"""
                .formatted(datasetVersion.id()),
            "validator",
            "model-validator");
    assertThat(bias.status()).as(bias.body().toString()).isEqualTo(201);
    var undeployable = deployment(version.id());
    assertThat(undeployable.status()).isEqualTo(403);
    var promotion = registry.post(versions + "/1/promotions", "{\"environment\":\"production\"}");
    assertThat(promotion.status()).as(promotion.body().toString()).isEqualTo(201);
    assertThat(promotion.body().get("state").asText()).isEqualTo("permitted");
    var deployment = deployment(version.id());
    assertThat(deployment.status()).as(deployment.body().toString()).isEqualTo(201);
    var observed = registry.post("/api/v1/deployments/" + deployment.id() + "/observation", "{}");
    assertThat(observed.status()).as(observed.body().toString()).isEqualTo(200);
    assertThat(observed.body().get("state").asText()).isEqualTo("observed");

    long position = observed.position();
    assertShows("/api/v1/datasets/compas", position, "latestVersion", "1");
    assertShows("/api/v1/datasets/" + dataset.id() + "/versions/1", position, "rows", "6172");
    assertShows("/api/v1/runs/" + run.id(), position, "state", "finished");
    assertShows("/api/v1/systems/justice", position, "riskTier", "high");
    assertShows("/api/v1/models/" + model.id(), position, "name", "recidivism risk");
    assertShows("/api/v1/models/" + model.id(), position, "latestVersion", "1");
    assertShows(versions + "/1", position, "state", "registered");
    assertShows("/api/v1/promotions/" + promotion.id(), position, "state", "permitted");
    assertShows("/api/v1/deployments/" + deployment.id(), position, "state", "observed");
    for (var list :
        List.of(
            "/api/v1/datasets",
            "/api/v1/datasets/compas/versions",
            "/api/v1/runs?state=finished",
            "/api/v1/runs/" + run.id() + "/metrics",
            "/api/v1/systems",
            "/api/v1/models?system=justice",
            versions,
            versions + "/1/bias-evaluations",
            versions + "/1/promotions",
            "/api/v1/promotions?state=permitted&environment=production",
            "/api/v1/deployments?policyStanding=unassessed&state=observed")) {
      var page = registry.get(list, position);
      assertThat(page.status()).as(list + page.body()).isEqualTo(200);
      assertThat(page.body().get("items")).as(list).isNotEmpty();
    }
    var version1 = registry.get(versions + "/1", position).body();
    assertThat(version1.get("environments").get(0).asText()).isEqualTo("production");
    assertThat(version1.get("artifacts").get(0).get("stored").asBoolean()).isTrue();
  }

  @Test
  void aRefusalTellsEveryConditionAndMayBeAskedForAgain() {
    var path = registry.readyVersion("refused");
    registry.policy().says(Outcome.REFUSE);

    var refused = registry.post(path + "/promotions", "{\"environment\":\"production\"}");

    assertThat(refused.status()).isEqualTo(403);
    var condition = refused.body().get("conditions").get(0);
    assertThat(condition.get("outcome").asText()).isEqualTo("missed");
    assertThat(condition.get("shortfall").asText()).isEqualTo("0.1139");
    assertThat(refused.body().has("decision")).isTrue();
    assertThat(refused.body().has("promotion")).isTrue();
    registry.policy().says(Outcome.PERMIT);
    assertThat(registry.post(path + "/promotions", "{\"environment\":\"production\"}").status())
        .isEqualTo(201);
  }

  @Test
  void aPendingPromotionIsCompletedByItselfWhenPolicyPermitsIt() {
    var path = registry.readyVersion("pending");
    registry.policy().says(Outcome.PENDING);
    var pending = registry.post(path + "/promotions", "{\"environment\":\"production\"}");
    assertThat(pending.status()).as(pending.body().toString()).isEqualTo(202);
    var again = registry.post(path + "/promotions", "{\"environment\":\"production\"}");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.body().get("link").asText()).endsWith(pending.id());

    registry.policy().says(Outcome.PERMIT);
    registry
        .policy()
        .decide(
            new io.assay.contracts.PromotionId(UUID.fromString(pending.id())),
            new Sha256(pending.body().get("contentDigest").asText()),
            reaction(),
            null);

    await()
        .untilAsserted(
            () ->
                assertThat(
                        registry
                            .get("/api/v1/promotions/" + pending.id(), pending.position())
                            .body()
                            .get("state")
                            .asText())
                    .isEqualTo("permitted"));
    var promoted = promotions(pending.id());
    assertThat(promoted).hasSize(1);
    var metadata = promoted.getFirst().metadata();
    assertThat(metadata.actor().id()).isEqualTo("registry");
    assertThat(metadata.onBehalfOf()).isEqualTo(pending.body().get("createdBy").asText());
    assertThat(metadata.decision()).isNotNull();
    assertThat(metadata.causation()).isNotNull();
  }

  @Test
  void whatChangesBetweenADecisionAndItsUseMakesPolicyBeAskedAgain() {
    var version = registry.readyVersion("overtaken");
    var decisions = new ArrayList<PromotionDecided>();
    registry
        .policy()
        .meanwhile(
            decided -> {
              synchronized (decisions) {
                decisions.add(decided);
                return decisions.size() == 1 ? List.of(anotherPolicy("staging")) : List.of();
              }
            });
    var promoted = registry.post(version + "/promotions", "{\"environment\":\"staging\"}");
    assertThat(promoted.status()).as(promoted.body().toString()).isEqualTo(201);

    var event =
        (ModelVersionPromoted)
            registry.log().event(promoted.position()).map(RecordedEvent::event).orElseThrow();
    synchronized (decisions) {
      assertThat(decisions).hasSizeGreaterThanOrEqualTo(2);
      assertThat(event.decision()).isNotEqualTo(decisions.getFirst().decision());
    }
  }

  @Test
  void whatKeepsChangingEndsAsALostRaceAndPromotesNothing() {
    var version = registry.readyVersion("restless");
    registry.policy().meanwhile(decided -> List.of(anotherPolicy("staging")));
    var answer = registry.post(version + "/promotions", "{\"environment\":\"staging\"}");
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(409);
    assertThat(answer.body().get("type").asText()).endsWith("/lost-race");
    var id = registry.get(version, registry.log().head() - 1).id();
    assertThat(
            registry
                .log()
                .source(
                    Query.of(
                        "default",
                        Criterion.of(
                            new VersionId(UUID.fromString(id)).tag(), "ModelVersionPromoted")),
                    0)
                .events())
        .isEmpty();
  }

  @Test
  void ofManyWhoHoldTheSameVersionOneWritesAndTheOthersAreToldThatItChanged() throws Exception {
    registry.policy().says(Outcome.PENDING);
    var version = registry.readyVersion("etag");
    var pending = registry.post(version + "/promotions", "{\"environment\":\"staging\"}");
    var path = "/api/v1/promotions/" + pending.id();
    var held =
        registry
            .get(path, pending.position())
            .response()
            .headers()
            .firstValue("ETag")
            .orElseThrow();
    var withdrawals = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 16; i++) {
      withdrawals.add(
          () ->
              registry
                  .send(
                      registry
                          .request(path + "/withdrawal", "engineer", "ml-engineer")
                          .header("Content-Type", "application/json")
                          .header("If-Match", held)
                          .POST(BodyPublishers.ofString("{\"reason\":\"changed my mind\"}"))
                          .build())
                  .status());
    }
    var statuses = new ArrayList<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var withdrawal : threads.invokeAll(withdrawals)) {
        statuses.add(withdrawal.get());
      }
    }
    assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
    assertThat(statuses).filteredOn(status -> status == 412).hasSize(15);
  }

  @Test
  void aThousandPromotionsOfOneVersionAtOnceGiveExactlyOne() throws Exception {
    var path = registry.readyVersion("contended");
    var token = registry.issuer.token("engineer", "ml-engineer");
    var requests = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 1000; i++) {
      requests.add(
          () ->
              registry
                  .send(
                      registry
                          .request(path + "/promotions", "engineer", "ml-engineer")
                          .setHeader("Authorization", "Bearer " + token)
                          .header("Content-Type", "application/json")
                          .POST(BodyPublishers.ofString("{\"environment\":\"production\"}"))
                          .build())
                  .status());
    }
    var statuses = new ArrayList<Integer>();
    try (var threads = Executors.newFixedThreadPool(64)) {
      for (var answer : threads.invokeAll(requests)) {
        statuses.add(answer.get());
      }
    }

    assertThat(statuses).containsOnly(201, 409);
    assertThat(statuses.stream().filter(status -> status == 201)).hasSize(1);
    var model = registry.get("/api/v1/models/contended", registry.log().head() - 1).id();
    assertThat(
            registry.log().read(0, Math.toIntExact(registry.log().head())).stream()
                .filter(
                    event ->
                        event.event() instanceof ModelVersionPromoted promoted
                            && promoted.model().value().toString().equals(model)))
        .hasSize(1);
  }

  @Test
  void twoHundredMegabytesAreStreamedInAndOut() throws Exception {
    long size = 200L * 1024 * 1024;
    var digest = Sha256.newDigest();
    try (var bytes = new Noise(size)) {
      var buffer = new byte[1 << 16];
      for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    var expected = Sha256.of(digest);
    var path = version("large", "weights.bin", expected, size);

    var stored =
        registry.send(
            registry
                .request(path, "engineer", "ml-engineer")
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofInputStream(() -> new Noise(size)))
                .build());

    assertThat(stored.status()).as(stored.body().toString()).isEqualTo(200);
    try (var client = java.net.http.HttpClient.newHttpClient()) {
      var response =
          client.send(
              registry.request(path, "auditor", "auditor").build(),
              java.net.http.HttpResponse.BodyHandlers.ofInputStream());
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Disposition").orElseThrow())
          .startsWith("attachment");
      assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(response.headers().firstValue("Content-Digest").orElseThrow())
          .startsWith("sha-256=:");
      var back = Sha256.newDigest();
      try (var body = response.body()) {
        var buffer = new byte[1 << 16];
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
          back.update(buffer, 0, read);
        }
      }
      assertThat(Sha256.of(back)).isEqualTo(expected);
    }
  }

  @Test
  void bytesThatAreNotThoseOfTheManifestAreRefusedAndNothingIsKept() throws IOException {
    var path = version("mismatch", "model.bin", digest("12345"), 5);

    assertThat(registry.put(path, utf8("54321")).status()).isEqualTo(422);
    assertThat(registry.put(path, utf8("1234")).status()).isEqualTo(422);
    assertThat(registry.put(path, utf8("123456")).status()).isEqualTo(422);
    assertThat(registry.put(path + "x", utf8("12345")).status()).isEqualTo(404);

    assertThat(incoming()).isEmpty();
    assertThat(registry.put(path, utf8("12345")).status()).isEqualTo(200);
    assertThat(registry.put(path, utf8("12345")).status()).isEqualTo(200);
  }

  @Test
  void anUploadThatBreaksInTheMiddleLeavesNothing() throws IOException {
    var path = version("broken", "model.bin", digest("x".repeat(100_000)), 100_000);
    try (var socket = new Socket("127.0.0.1", registry.port())) {
      var head =
          "PUT "
              + path
              + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
              + "Content-Length: 100000\r\nAuthorization: Bearer "
              + registry.issuer.token("engineer", "ml-engineer")
              + "\r\n\r\n";
      socket.getOutputStream().write(utf8(head + "x".repeat(50_000)));
      socket.getOutputStream().flush();
      await().untilAsserted(() -> assertThat(incoming()).isNotEmpty());
    }

    await().untilAsserted(() -> assertThat(incoming()).isEmpty());
    assertThat(registry.put(path, utf8("x".repeat(100_000))).status()).isEqualTo(200);
  }

  @Test
  void whatIsWrongIsNamedByItsPointer() {
    registry.readyVersion("pointed");
    assertProblem(
        registry.post(
            "/api/v1/runs",
            "{\"name\":\"r\",\"kind\":\"training\",\"inputs\":[\"%s\"]}"
                .formatted(UUID.randomUUID())),
        422,
        "/inputs/0");
    assertProblem(
        registry.post(
            "/api/v1/systems",
            "{\"name\":\"pointed\",\"purpose\":\"p\",\"owner\":\"o\",\"riskTier\":\"high\"}"),
        409,
        "/name");
    assertProblem(
        registry.post("/api/v1/datasets", "{\"name\":\"d\",\"colour\":\"red\"}"), 400, "/colour");
    assertThat(registry.get("/api/v1/models/nobody", 0).status()).isEqualTo(404);
    assertThat(registry.post("/api/v1/datasets", "{\"name\":\"d\"}", "auditor", "auditor").status())
        .isEqualTo(403);
  }

  @Test
  void theViewReplayedEqualsTheViewAsItGrew() {
    registry.readyVersion("replayed");
    var views = registry.context().getBean(Views.class);
    long last = registry.log().head() - 1;
    views.await("registry", last);
    var live = cards();
    assertThat(live).isNotEmpty();

    views.rebuild("registry");

    await().untilAsserted(() -> assertThat(cards()).isEqualTo(live));
  }

  @Test
  void anErasedNameIsGoneFromTheViewAndTheRestStays() {
    var dataset =
        registry.post("/api/v1/datasets", "{\"name\":\"planted\",\"description\":\"planted too\"}");

    long ordered = registry.orderErasure(dataset.position());

    var shown = registry.get("/api/v1/datasets/" + dataset.id(), ordered);
    assertThat(shown.status()).as(shown.body().toString()).isEqualTo(200);
    assertThat(shown.body().get("name").asText()).isEqualTo("erased");
    assertThat(shown.body().has("description")).isFalse();
    assertThat(cards()).noneMatch(card -> card.contains("planted"));
  }

  @Test
  void pagesFollowEachOtherWithoutGapOrRepetition() {
    IntStream.range(0, 7)
        .forEach(i -> registry.post("/api/v1/datasets", "{\"name\":\"page-%d\"}".formatted(i)));
    long last = registry.log().head() - 1;
    var names = new ArrayList<String>();
    var path = "/api/v1/datasets?limit=3";
    JsonNode next = null;
    do {
      var page = registry.get(next == null ? path : path + "&cursor=" + next.asText(), last).body();
      page.get("items").forEach(item -> names.add(item.get("name").asText()));
      next = page.get("next");
    } while (next != null);

    assertThat(names).isSorted().doesNotHaveDuplicates();
    assertThat(names).containsAll(IntStream.range(0, 7).mapToObj(i -> "page-" + i).toList());
  }

  private static RegistryService.Answer deployment(String version) {
    return registry.post(
        "/api/v1/deployments",
        """
        {"version":"%s","environment":"production","strategy":"all","target":"cluster"}"""
            .formatted(version));
  }

  private static String version(String name, String artifact, Sha256 digest, long size) {
    registry.post(
        "/api/v1/systems",
        "{\"name\":\"%s\",\"purpose\":\"p\",\"owner\":\"o\",\"riskTier\":\"high\"}"
            .formatted(name));
    registry.post(
        "/api/v1/models",
        "{\"name\":\"%s\",\"system\":\"%s\",\"kind\":\"ml\",\"riskTier\":\"high\"}"
            .formatted(name, name));
    registry.post(
        "/api/v1/models/" + name + "/versions",
        "{\"artifacts\":[{\"path\":\"%s\",\"digest\":\"%s\",\"size\":%d}]}"
            .formatted(artifact, digest, size));
    return "/api/v1/models/" + name + "/versions/1/artifacts/" + artifact;
  }

  private static PolicyVersionActivated anotherPolicy(String environment) {
    return new PolicyVersionActivated(
        new PolicyVersionId(UUID.randomUUID()),
        new PolicyId(UUID.randomUUID()),
        environment,
        Sha256.of(utf8("another")));
  }

  private static void assertShows(String path, long position, String field, String value) {
    var shown = registry.get(path, position);
    assertThat(shown.status()).as(path + shown.body()).isEqualTo(200);
    assertThat(shown.body().get(field).asText()).as(path).isEqualTo(value);
  }

  private static void assertProblem(RegistryService.Answer answer, int status, String pointer) {
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
    assertThat(answer.body().get("errors").get(0).get("pointer").asText()).isEqualTo(pointer);
  }

  private static List<io.assay.eventlog.RecordedEvent> promotions(String promotion) {
    return registry.log().read(0, Math.toIntExact(registry.log().head())).stream()
        .filter(
            event ->
                event.event() instanceof ModelVersionPromoted promoted
                    && promoted.promotion().value().toString().equals(promotion))
        .toList();
  }

  private static io.assay.platform.identity.Invocation reaction() {
    return io.assay.platform.identity.Invocation.reaction(
        "policy",
        registry.log().event(registry.log().head() - 1).orElseThrow(),
        java.time.Instant.now());
  }

  private static List<String> cards() {
    var cards = new ArrayList<String>();
    try (var connection = registry.database.as("assay_registry").getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select card::text from registry.card order by id")) {
      while (rows.next()) {
        cards.add(rows.getString(1));
      }
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
    return cards;
  }

  private static List<String> incoming() throws IOException {
    try (var files = Files.list(registry.artifacts.resolve("incoming"))) {
      return files.map(Object::toString).toList();
    }
  }

  private static Sha256 digest(String of) {
    return Sha256.of(utf8(of));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Bytes without end until there are so many, the same every time. */
  private static final class Noise extends InputStream {

    private final long size;
    private long position;

    Noise(long size) {
      this.size = size;
    }

    @Override
    public int read() {
      return position == size ? -1 : (int) (position++ * 31 >> 7) & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (position == size) {
        return -1;
      }
      int count = (int) Math.min(length, size - position);
      for (int i = 0; i < count; i++) {
        into[offset + i] = (byte) (position++ * 31 >> 7);
      }
      return count;
    }
  }
}
