package io.assay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.cli.Api;
import io.assay.system.Keys.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** API keys, from their issue to their end, as a pipeline has them. */
class ApiKeysIT {

  private static final String ENGINEER = "ml-engineer-1";
  private static final String DATASETS = "/api/v1/datasets";
  private static final String NOTHING = "00000000-0000-4000-8000-000000000000";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String READ = DATASETS + "?limit=1";

  /** Something to read at each service. */
  private static final Map<String, String> READS =
      Map.of(
          "registry",
          READ,
          "policy",
          "/api/v1/policies?limit=1",
          "lineage",
          "/api/v1/lineage?node=model:" + NOTHING);

  @Test
  void aKeyIsShownOnceAndNotToBeStored() {
    var answer =
        Http.send(
            ENGINEER, "POST", Keys.PATH, Keys.body("once", tomorrow(), "pipeline", "ml-engineer"));
    var key = Keys.issued(answer);

    assertThat(key.key()).matches("assay_default_[0-9A-Za-z]{22}_[0-9A-Za-z]{49}");
    assertThat(Keys.checked(key.key().substring(0, key.key().length() - 6))).isEqualTo(key.key());
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    var shown = Keys.read(ENGINEER, key);
    assertThat(shown.toString()).doesNotContain(key.secret()).doesNotContain("assay_");
    assertThat(shown.path("status").asText()).isEqualTo("active");
    assertThat(shown.path("scopes")).hasSize(2);
    assertThat(shown.at("/issuer/displayName").asText()).isEqualTo(ENGINEER);
    assertThat(shown.has("lastUsedAt")).isFalse();
    assertThat(Http.send(ENGINEER, "GET", Keys.PATH + "?limit=1000", null).body())
        .contains(key.id())
        .doesNotContain(key.secret());
  }

  @Test
  void aKeyIsTakenAsBearerAndAsBasicPasswordByTheGatewayAndByEveryService() {
    var key = Keys.issue(ENGINEER, "both", "ml-engineer");

    READS.forEach(
        (service, path) -> {
          for (var authorization : List.of(key.bearer(), key.basic("anybody"), key.basic(""))) {
            assertThat(Keys.send("GET", path, authorization, null, null).statusCode())
                .as(service)
                .isIn(200, 404);
            var own = Assays.shared().service(service);
            assertThat(Http.sendTo(own, authorization, "GET", path, null).statusCode())
                .as(service)
                .isIn(200, 404);
          }
        });
    assertThat(Keys.read(ENGINEER, key).path("lastUsedAt").asText()).isNotEmpty();
  }

  @Test
  void whatAKeyDoesIsItsOwnAndOnBehalfOfItsIssuer() {
    var key = Keys.issue(ENGINEER, "nightly training", "pipeline");
    var created =
        Keys.send(
            "POST",
            DATASETS,
            key.basic("mlflow"),
            Api.object().put("name", fresh()).toString(),
            null);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);

    var event = event(created);
    assertThat(event.at("/actor/kind").asText()).isEqualTo("service");
    assertThat(event.at("/actor/displayName").asText()).isEqualTo("nightly training");
    assertThat(event.path("client").asText()).isEqualTo("api-key:" + key.id());
    assertThat(event.path("onBehalfOf").asText())
        .isEqualTo(Keys.read(ENGINEER, key).at("/issuer/id").asText())
        .isNotEqualTo(event.at("/actor/id").asText());
  }

  @Test
  void aKeyIsRefusedWhatItsScopesDoNotGive() {
    var reader = Keys.issue("auditor-1", "reader", "auditor");
    var dataset = Api.object().put("name", fresh()).toString();

    assertThat(Keys.send("GET", READ, reader.bearer(), null, null).statusCode()).isEqualTo(200);
    problem(Keys.send("POST", DATASETS, reader.bearer(), dataset, null), 403, "role-missing");

    var readOnly = Keys.issueReader(ENGINEER, "looks only", "ml-engineer");
    assertThat(Keys.send("GET", READ, readOnly.bearer(), null, null).statusCode()).isEqualTo(200);
    problem(
        Keys.send("POST", DATASETS, readOnly.bearer(), dataset, null),
        403,
        "credential-not-allowed");
  }

  @Test
  void nobodyHandsOnWhatHeDoesNotHoldOrForLongerThanAllowed() {
    problem(issue(ENGINEER, tomorrow(), "auditor"), 403, "role-missing");
    problem(issue("auditor-1", tomorrow(), "ml-engineer"), 403, "role-missing");
    problem(issue("pipeline-1", tomorrow(), "pipeline"), 403, "role-missing");
    for (var power :
        List.of("risk-officer", "model-validator", "compliance-officer", "admin", "operator")) {
      problem(issue(ENGINEER, tomorrow(), power), 400, "malformed-request");
    }
    var none = Keys.body("none", tomorrow(), "pipeline").replace("[\"pipeline\"]", "[null]");
    problem(Http.send(ENGINEER, "POST", Keys.PATH, none), 400, "malformed-request");
    problem(
        issue(ENGINEER, Instant.now().plus(Duration.ofDays(366)), "pipeline"), 422, "unacceptable");
    problem(issue(ENGINEER, Instant.now().minusSeconds(1), "pipeline"), 422, "unacceptable");
  }

  @Test
  void aRevokedKeyIsRefusedFromTheNextRequestOnEverywhere() {
    var key = Keys.issue(ENGINEER, "leaked", "ml-engineer");
    READS.forEach(
        (service, path) ->
            assertThat(statuses(key, service, path)).as(service).isSubsetOf(200, 404));

    var revoked = Keys.revoke(ENGINEER, key);
    assertThat(revoked.statusCode()).as(revoked.body()).isEqualTo(200);
    assertThat(Api.json(revoked.body()).path("status").asText()).isEqualTo("revoked");

    READS.forEach(
        (service, path) -> assertThat(statuses(key, service, path)).as(service).containsOnly(401));
    problem(Keys.send("GET", READ, key.basic("x"), null, null), 401, "unauthenticated", "revoked");
    assertThat(Keys.revoke(ENGINEER, key).statusCode()).isEqualTo(200);
  }

  @Test
  void anExpiredKeyIsRefused() {
    var key =
        Keys.issued(issue(ENGINEER, Instant.now().plus(Duration.ofSeconds(2)), "ml-engineer"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                problem(
                    Keys.send("GET", READ, key.bearer(), null, null),
                    401,
                    "unauthenticated",
                    "expired"));
    assertThat(Keys.read(ENGINEER, key).path("status").asText()).isEqualTo("expired");
  }

  @TestFactory
  Stream<DynamicTest> whatIsNoKeyOfOursIsRefusedEverywhere() {
    var key = Keys.issue(ENGINEER, "to be forged", "ml-engineer");
    var text = key.key();
    int secretAt = text.lastIndexOf('_') + 1;
    int checkAt = text.length() - 6;
    int idAt = text.lastIndexOf('_', secretAt - 2) + 1;
    var forged = new LinkedHashMap<String, String>();
    forged.put("a character is wrong", "Bearer " + turned(text, secretAt + 10));
    forged.put("the check is wrong", "Bearer " + turned(text, checkAt + 2));
    forged.put("it is cut short", "Bearer " + text.substring(0, text.length() - 1));
    forged.put("it is longer", "Bearer " + text + "0");
    forged.put("the prefix alone", "Bearer assay_");
    forged.put(
        "another secret, well checked",
        "Bearer " + Keys.checked(turned(text.substring(0, checkAt), secretAt + 20)));
    forged.put(
        "another id, well checked",
        "Bearer " + Keys.checked(turned(text.substring(0, checkAt), idAt + 15)));
    forged.put(
        "another workspace, well checked",
        "Bearer "
            + Keys.checked(text.substring(0, checkAt).replace("assay_default_", "assay_other_")));
    forged.put(
        "an id beyond all UUIDs",
        "Bearer "
            + Keys.checked(
                text.substring(0, idAt) + "z".repeat(22) + text.substring(idAt + 22, checkAt)));
    forged.put("basic: a password of somebody", Keys.basic("ml-engineer-1:secret"));
    forged.put("basic: no password", Keys.basic("ml-engineer-1:"));
    forged.put("basic: the key as the user", Keys.basic(text + ":"));
    forged.put("basic: no colon", Keys.basic(text));
    forged.put("basic: not base64", "Basic ***");
    forged.put("basic: a forged key", Keys.basic("x:" + turned(text, secretAt)));
    forged.put("basic: a person's token", Keys.basic("x:" + Assays.token(ENGINEER)));
    forged.put("another scheme", "Digest " + text);
    return Stream.of("gateway", "registry", "policy", "lineage")
        .flatMap(
            service ->
                forged.entrySet().stream()
                    .map(
                        credential ->
                            DynamicTest.dynamicTest(
                                credential.getKey() + ", " + service,
                                () -> refused(service, credential.getValue(), key))));
  }

  private static void refused(String service, String authorization, Issued key) {
    var path = READS.getOrDefault(service, DATASETS + "?limit=1");
    var answer = Http.sendTo(Assays.shared().service(service), authorization, "GET", path, null);
    problem(answer, 401, "unauthenticated");
    assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
    assertThat(answer.body()).doesNotContain(key.secret());
    if (authorization.startsWith("Basic")) {
      assertThat(answer.body()).containsAnyOf("API key as the password", "is none", "No such");
    }
  }

  @Test
  void aKeyOpensItsOwnWorkspaceOnly() {
    var key = Keys.issue(ENGINEER, "at home", "ml-engineer");
    problem(Keys.send("GET", READ, key.bearer(), null, "elsewhere"), 404, "not-found");
    assertThat(Keys.send("GET", READ, key.bearer(), null, "default").statusCode()).isEqualTo(200);
  }

  @Test
  void aKeyDoesNothingThatTakesAPerson() {
    var key = Keys.issue(ENGINEER, "eager", "ml-engineer");
    var refused = new LinkedHashMap<String, String>();
    refused.put("/api/v1/approval-requests/" + NOTHING + "/approvals", "{}");
    refused.put("/api/v1/approval-requests/" + NOTHING + "/rejections", "{}");
    refused.put("/api/v1/models/" + NOTHING + "/versions/1/promotions", "{}");
    refused.put("/api/v1/deployments", "{}");
    refused.put(Keys.PATH, Keys.body("a child", tomorrow(), "ml-engineer"));
    refused.put(Keys.PATH + "/" + key.id() + "/revocation", "{}");
    refused.forEach(
        (path, body) -> {
          for (var authorization : List.of(key.bearer(), key.basic("x"))) {
            problem(
                Keys.send("POST", path, authorization, body, null), 403, "credential-not-allowed");
          }
        });
    for (var path :
        List.of(
            "/api/v1/policies/" + NOTHING + "/versions/1/activation",
            "/api/v1/policies",
            "/api/v1/policy/views/policy/rebuild")) {
      assertThat(Keys.send("POST", path, key.bearer(), "{}", null).statusCode())
          .as(path)
          .isEqualTo(403);
    }
  }

  @Test
  void whoIssuedTheKeyThatRegisteredAVersionCannotApproveIt() {
    var key = Keys.issue(ENGINEER, "trainer", "ml-engineer");
    var environment = Candidates.environment();
    var versions = Candidates.register(key.basic("trainer"));

    try (var api = Assays.api()) {
      var pending =
          api.post(
              "ml-engineer-2",
              versions + "/1/promotions",
              Api.object().put("environment", environment));
      assertThat(pending.status()).as(pending.toString()).isEqualTo(202);
      var request = "/api/v1/promotions/" + pending.text("/id");
      await()
          .atMost(PATIENCE)
          .until(() -> !api.get(ENGINEER, request).text("/approvalRequest/href").isEmpty());
      var approvals = api.get(ENGINEER, request).text("/approvalRequest/href");
      var asked = api.get(ENGINEER, approvals);
      var approval = Candidates.approval(asked.text("/contentDigest"), asked.text("/policyDigest"));

      var own = api.post(ENGINEER, approvals + "/approvals", approval);
      assertThat(own.status()).as(own.toString()).isEqualTo(403);
      assertThat(own.text("/type")).endsWith("/separation-of-duties");
      var byKey =
          Keys.send("POST", approvals + "/approvals", key.bearer(), approval.toString(), null);
      problem(byKey, 403, "credential-not-allowed");
      var other = api.post("risk-officer-1", approvals + "/approvals", approval);
      assertThat(other.status()).as(other.toString()).isEqualTo(201);
    }
  }

  @Test
  void onesOwnKeysAreSeenAndAdministratorsAndAuditorsSeeAll() {
    var key = Keys.issue(ENGINEER, "mine", "ml-engineer");
    var path = Keys.PATH + "/" + key.id();
    assertThat(Keys.read("admin-1", key).path("id").asText()).isEqualTo(key.id());
    assertThat(Keys.read("auditor-1", key).path("id").asText()).isEqualTo(key.id());
    assertThat(Http.send("ml-engineer-2", "GET", path, null).statusCode()).isEqualTo(404);
    assertThat(Http.send("ml-engineer-2", "GET", Keys.PATH + "?limit=1000", null).body())
        .doesNotContain(key.id());
    assertThat(Http.send("risk-officer-1", "GET", path, null).statusCode()).isEqualTo(403);

    assertThat(Keys.revoke("ml-engineer-2", key).statusCode()).isEqualTo(404);
    problem(Keys.revoke("auditor-1", key), 403, "role-missing");
    assertThat(Keys.revoke("admin-1", key).statusCode()).isEqualTo(200);
    var revoked = Keys.read(ENGINEER, key);
    assertThat(revoked.path("status").asText()).isEqualTo("revoked");
    assertThat(revoked.path("revocationReason").asText()).isEqualTo("leaked");
    assertThat(revoked.path("revokedBy").asText()).isNotEqualTo(revoked.path("createdBy").asText());
  }

  @Test
  void aRepeatedIssueShowsNoKeyAndIssuesNone() {
    var idempotent = UUID.randomUUID().toString();
    var name = fresh();
    var body = Keys.body(name, tomorrow(), "ml-engineer");
    var first = Keys.issued(issueOnce(idempotent, body));
    for (int again = 0; again < 2; again++) {
      var repeat = issueOnce(idempotent, body);
      problem(repeat, 409, "idempotency-key-used");
      assertThat(repeat.body()).doesNotContain("assay_").doesNotContain(first.secret());
    }
    Keys.read(ENGINEER, first);
    var mine = Http.send(ENGINEER, "GET", Keys.PATH + "?limit=1000", null).body();
    assertThat(mine.split('"' + name + '"', -1)).hasSize(2);
  }

  @Test
  void noSecretIsLeftAnywhereOnTheDisk() throws IOException {
    var key =
        Keys.issued(
            issueOnce(UUID.randomUUID().toString(), Keys.body(fresh(), tomorrow(), "ml-engineer")));
    var created =
        Keys.send(
            "POST", DATASETS, key.basic("x"), Api.object().put("name", fresh()).toString(), null);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    for (var wrong : List.of(turned(key.key(), key.key().length() - 2), key.key() + "0")) {
      Keys.send("GET", READ, "Bearer " + wrong, null, null);
      Keys.send("GET", READ, Keys.basic("x:" + wrong), null, null);
    }
    Keys.revoke(ENGINEER, key);
    var audit =
        Http.send("auditor-1", "GET", "/api/v1/audit/events?type=ApiKeyIssued", null).body();
    assertThat(audit).doesNotContain(key.secret());

    // The log, the tables, their journals, the logs of the processes, the artifacts.
    var secret = key.secret().substring(0, 40);
    assertThat(filesWith("api-key:" + key.id())).as("the search finds what is there").isNotEmpty();
    assertThat(filesWith(secret)).isEmpty();
    var basic = key.basic("x").substring("Basic ".length());
    assertThat(filesWith(basic.substring(20, 80))).isEmpty();
  }

  private static List<Path> filesWith(String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.US_ASCII);
    try (var files = Files.walk(Assays.shared().folder())) {
      return files.filter(Files::isRegularFile).filter(file -> contains(file, bytes)).toList();
    }
  }

  private static boolean contains(Path file, byte[] text) {
    try {
      var content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      return content.contains(new String(text, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      return false; // the server has just removed it
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode event(HttpResponse<String> written) {
    var position = written.headers().firstValue("Assay-Position").orElseThrow();
    var answer =
        Http.send(
            HttpRequest.newBuilder(
                    URI.create(Assays.shared().url() + "/api/v1/audit/events/" + position))
                .header("Authorization", "Bearer " + Assays.token("auditor-1"))
                .header("Assay-Min-Position", position)
                .build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Api.json(answer.body());
  }

  /** Of every instance of the service, and of every gateway before them, twice. */
  private static List<Integer> statuses(Issued key, String service, String path) {
    return Stream.of(service, "gateway", "gateway")
        .flatMap(name -> Assays.shared().instancesOf(name).stream())
        .map(instance -> Http.sendTo(instance, key.bearer(), "GET", path, null).statusCode())
        .distinct()
        .toList();
  }

  private static HttpResponse<String> issue(String user, Instant expiresAt, String... scopes) {
    return Http.send(user, "POST", Keys.PATH, Keys.body("of a test", expiresAt, scopes));
  }

  private static HttpResponse<String> issueOnce(String idempotencyKey, String body) {
    return Http.send(
        HttpRequest.newBuilder(URI.create(Assays.shared().url() + Keys.PATH))
            .header("Authorization", "Bearer " + Assays.token(ENGINEER))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotencyKey)
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  private static void problem(
      HttpResponse<String> answer, int status, String slug, String... said) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body()).contains("/problems/" + slug);
    for (var words : said) {
      assertThat(answer.body()).contains(words);
    }
  }

  private static String turned(String text, int at) {
    return text.substring(0, at) + (text.charAt(at) == 'a' ? 'b' : 'a') + text.substring(at + 1);
  }

  private static Instant tomorrow() {
    return Instant.now().plus(Duration.ofDays(1));
  }

  private static String fresh() {
    return "keys-" + UUID.randomUUID();
  }
}
