package io.assay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jwt.SignedJWT;
import io.assay.cli.Api;
import io.assay.cli.Demonstration;
import io.assay.system.Browser.Page;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Assay with the identity server that organisations run: the same road, real tokens, and what
 * happens when the server changes its mind or is not there. One Keycloak for all of it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KeycloakIT {

  private static final String NOTHING = "00000000-0000-4000-8000-000000000000";
  private static final String PROMOTIONS = "/api/v1/models/" + NOTHING + "/versions/1/promotions";
  private static final String APPROVALS = "/api/v1/approval-requests/" + NOTHING + "/approvals";
  private static final String REJECTIONS = "/api/v1/approval-requests/" + NOTHING + "/rejections";
  private static final String DEPLOYMENTS = "/api/v1/deployments";
  private static final String COMMENT = "Seen on all groups; the gap is in none.";
  private static final String READ = "/api/v1/datasets?limit=1";

  @Test
  @Order(1)
  void aPersonSignsInAtTheConsoleProvesHimselfOnceMoreAndApproves() {
    var pending = demonstrated();
    var console = Keycloaks.installation().url();
    var browser = new Browser();

    var form = browser.open(console + "/console/promotions/" + pending);
    assertThat(form.address().toString()).startsWith(Keycloaks.realm());
    var promotion = signIn(browser, form, "risk-officer-2");
    assertThat(promotion.address().getPath()).isEqualTo("/console/promotions/" + pending);
    assertThat(promotion.body()).contains("risk-officer-2");
    var first = claims(browser.cookie(console, "assay_session"));
    assertThat(first.path("acr").asText()).isEqualTo("1");

    var again = approve(browser, promotion);
    assertThat(again.address().toString()).startsWith(Keycloaks.realm());
    assertThat(again.body()).doesNotContain("name=\"username\"");
    var back = browser.send(again, "login-actions", Map.of("password", Keycloaks.password()));
    assertThat(back.address().getPath()).isEqualTo(promotion.address().getPath());
    assertThat(back.body())
        .contains("Nothing is sent yet", ">" + COMMENT + "</textarea>")
        .containsPattern("value=\"review\" checked");
    assertThat(approvals(pending)).isZero();
    var second = claims(browser.cookie(console, "assay_session"));
    assertThat(second.path("acr").asText()).isEqualTo("2");
    assertThat(second.path("auth_time").asLong())
        .isGreaterThanOrEqualTo(first.path("auth_time").asLong());

    var approved = approve(browser, back);
    assertThat(approved.address().getPath()).isEqualTo(promotion.address().getPath());
    assertThat(approved.body()).contains("1 of 2");
    await().until(() -> approvals(pending) == 1);

    var signedOut = browser.send(approved, "/console/sign-out", Map.of());
    assertThat(signedOut.address()).isEqualTo(console.resolve("/console/sign-in"));
    assertThat(browser.cookie(console, "assay_session")).isNull();
    // The issuer, too, has forgotten: it asks for name and password.
    assertThat(browser.open(console + "/").body()).contains("name=\"username\"");
  }

  @Test
  @Order(2)
  void aTokenOfTheFirstLevelReadsAndDoesNotApprove() {
    var browser = new Browser();
    var console = Keycloaks.installation().url();
    signIn(browser, browser.open(console + "/"), "risk-officer-1");
    var token = browser.cookie(console, "assay_session");

    assertThat(send(token, "GET", READ, null).statusCode()).isEqualTo(200);
    for (var path : List.of(APPROVALS, REJECTIONS)) {
      var refused = send(token, "POST", path, "{}");
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body()).contains("/problems/insufficient-authentication");
      assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
          .contains(
              "error=\"insufficient_user_authentication\"", "acr_values=\"2\"", "max_age=\"300\"");
    }
    assertThat(send(Keycloaks.token("risk-officer-1"), "POST", APPROVALS, "{}").statusCode())
        .isNotEqualTo(401);
  }

  @Test
  @Order(3)
  void whoHasASecondFactorProvesHimselfByItAndIsNotOfferedThePassword() throws Exception {
    var secret = "a secret of twenty ch";
    var person = Api.object().put("username", "otp-1").put("enabled", true);
    person.put("email", "otp-1@assay.example").put("firstName", "O").put("lastName", "T");
    person.put("emailVerified", true);
    var credentials = person.putArray("credentials");
    credentials.addObject().put("type", "password").put("value", Keycloaks.password());
    credentials
        .addObject()
        .put("type", "otp")
        .put("secretData", Api.object().put("value", secret).toString())
        .put(
            "credentialData",
            "{\"subType\":\"totp\",\"digits\":6,\"counter\":0,\"period\":30,\"algorithm\":\"HmacSHA1\"}");
    Keycloaks.admin("POST", "/users", person);
    var console = Keycloaks.installation().url();
    var browser = new Browser();
    signIn(browser, browser.open(console + "/"), "otp-1");
    assertThat(claims(browser.cookie(console, "assay_session")).path("acr").asText())
        .isEqualTo("1");

    var factor = browser.open(console + "/console/sign-in/start?acr=2&age=300");
    assertThat(factor.body()).contains("name=\"otp\"").doesNotContain("name=\"password\"");
    var wrong = browser.send(factor, "login-actions", Map.of("otp", "000000"));
    assertThat(wrong.body()).contains("name=\"otp\"");
    browser.send(wrong, "login-actions", Map.of("otp", oneTimePassword(secret)));
    assertThat(claims(browser.cookie(console, "assay_session")).path("acr").asText())
        .isEqualTo("2");
  }

  /** RFC 6238. */
  private static String oneTimePassword(String secret) throws Exception {
    var mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
    var step = java.time.Instant.now().getEpochSecond() / 30;
    var hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
    int at = hash[hash.length - 1] & 0xf;
    int code = ByteBuffer.wrap(hash).getInt(at) & Integer.MAX_VALUE;
    return "%06d".formatted(code % 1_000_000);
  }

  @Test
  @Order(3)
  void theConsoleTakesNoAnswerThatItDidNotAskFor() {
    var console = Keycloaks.installation().url();
    var browser = new Browser();
    var page = browser.open(console + "/console/sign-in/callback?code=stolen&state=guessed");
    assertThat(page.body()).contains("was not begun here");
    assertThat(browser.cookie(console, "assay_session")).isNull();
  }

  @Test
  @Order(4)
  void theConsolesClientNeedsPkceItsExactAddressAndNoPassword() {
    var question = new LinkedHashMap<String, String>();
    question.put("response_type", "code");
    question.put("client_id", "assay-console");
    question.put("scope", "openid");
    question.put("redirect_uri", Keycloaks.installation().url() + "/console/sign-in/callback");
    var withoutPkce = authorize(question);
    assertThat(withoutPkce.headers().firstValue("Location").orElse(""))
        .contains("error=invalid_request", "code_challenge");

    question.put("code_challenge_method", "plain");
    question.put("code_challenge", "x".repeat(43));
    assertThat(authorize(question).headers().firstValue("Location").orElse(""))
        .contains("error=invalid_request");

    question.put("redirect_uri", Keycloaks.installation().url() + "/console/sign-in/callback/x");
    var elsewhere = authorize(question);
    assertThat(elsewhere.statusCode()).isEqualTo(400);
    assertThat(elsewhere.headers().firstValue("Location")).isEmpty();

    var password =
        Keycloaks.form(
            URI.create(Keycloaks.realm() + "/protocol/openid-connect/token"),
            Map.of(
                "grant_type", "password",
                "client_id", "assay-console",
                "username", "ml-engineer-1",
                "password", Keycloaks.password()));
    assertThat(password.statusCode()).isIn(400, 401);
  }

  @Test
  @Order(5)
  void aServiceAccountActsInItsRoleAndNeverApproves() {
    var token =
        Keycloaks.ofClient(
            Keycloaks.realm(), "assay-pipeline", Keycloaks.secret("keycloak-pipeline"));

    var made = send(token, "POST", "/api/v1/datasets", "{\"name\":\"by-a-pipeline\"}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    assertThat(send(token, "POST", APPROVALS, "{}").statusCode()).isEqualTo(403);
    assertThat(send(token, "GET", "/api/v1/audit/events", null).statusCode()).isEqualTo(403);
  }

  @Test
  @Order(6)
  void aRoleHeldThroughTheGroupOfAWorkspaceCountsInThatWorkspaceOnly() {
    var workspaces = Keycloaks.admin("GET", "/groups?search=workspaces&exact=true", null).path(0);
    var blue = child(workspaces.path("id").asText(), "blue");
    var engineers = child(blue, "ml-engineer");
    var user = Keycloaks.user("auditor-1").path("id").asText();
    Keycloaks.admin("PUT", "/users/" + user + "/groups/" + engineers, null);
    var token = Keycloaks.fresh("auditor-1");

    assertThat(inWorkspace(token, "blue", "of-blue")).isEqualTo(201);
    assertThat(inWorkspace(token, null, "of-nobody")).isEqualTo(403);
    assertThat(inWorkspace(token, "red", "of-nobody")).isIn(403, 404);
    Keycloaks.admin("DELETE", "/users/" + user + "/groups/" + engineers, null);
    assertThat(inWorkspace(Keycloaks.fresh("auditor-1"), "blue", "of-nobody")).isIn(403, 404);
  }

  @TestFactory
  @Order(7)
  Stream<DynamicTest> noTokenButAGenuineOneForUsIsTaken() throws Exception {
    var genuine = Keycloaks.token("ml-engineer-1");
    var jwks =
        Http.sendTo(
                URI.create(Keycloaks.realm()), null, "GET", "/protocol/openid-connect/certs", null)
            .body();
    var refused = new LinkedHashMap<String, @Nullable String>();
    refused.put("none", null);
    refused.put("wrong issuer", Keycloaks.masterToken());
    refused.put("wrong audience", forAnotherAudience());
    refused.putAll(Forgeries.of(genuine, jwks));
    var signedIn = new Browser();
    var console = Keycloaks.installation().url();
    signIn(signedIn, signedIn.open(console + "/"), "ml-engineer-1");
    refused.put("ID token", signedIn.cookie(console, "assay_identity"));
    refused.put("refresh token", signedIn.cookie(console, "assay_refresh"));
    return Stream.concat(
        Stream.of(
            DynamicTest.dynamicTest(
                "the genuine one",
                () -> assertThat(send(genuine, "GET", READ, null).statusCode()).isEqualTo(200))),
        Stream.of("gateway", "registry")
            .flatMap(
                service ->
                    refused.entrySet().stream()
                        .map(
                            token ->
                                DynamicTest.dynamicTest(
                                    token.getKey() + ", " + service,
                                    () ->
                                        assertThat(
                                                Http.sendTo(
                                                        Keycloaks.installation().service(service),
                                                        token.getValue() == null
                                                            ? null
                                                            : "Bearer " + token.getValue(),
                                                        "GET",
                                                        READ,
                                                        null)
                                                    .statusCode())
                                            .isEqualTo(401)))));
  }

  @Test
  @Order(8)
  void anExpiredTokenIsRefused() {
    var client = client("assay-pipeline");
    ((ObjectNode) client.path("attributes")).put("access.token.lifespan", "2");
    Keycloaks.admin("PUT", "/clients/" + client.path("id").asText(), client);
    var token =
        Keycloaks.ofClient(
            Keycloaks.realm(), "assay-pipeline", Keycloaks.secret("keycloak-pipeline"));

    assertThat(send(token, "GET", READ, null).statusCode()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> send(token, "GET", READ, null).statusCode() == 401);
  }

  @Test
  @Order(9)
  void whoIsDisabledDecidesNothingFromThatMomentAndReadsUntilTheTokenEnds() {
    var engineer = Keycloaks.fresh("ml-engineer-2");
    var officer = Keycloaks.fresh("risk-officer-2");
    assertThat(decisions(engineer, officer)).doesNotContain(401);
    Keycloaks.enable("ml-engineer-2", false);
    Keycloaks.enable("risk-officer-2", false);
    try {
      assertThat(decisions(engineer, officer)).containsOnly(401);
      assertThat(send(engineer, "GET", READ, null).statusCode()).isEqualTo(200);
      assertThat(send(officer, "GET", READ, null).statusCode()).isEqualTo(200);
      // Neither does a service that is called past the gateway.
      assertThat(
              Http.sendTo(
                      Keycloaks.installation().service("registry"),
                      "Bearer " + engineer,
                      "POST",
                      PROMOTIONS,
                      "{}")
                  .statusCode())
          .isEqualTo(401);
    } finally {
      Keycloaks.enable("ml-engineer-2", true);
      Keycloaks.enable("risk-officer-2", true);
    }
  }

  @Test
  @Order(10)
  void aNewKeyIsTakenWithoutARestartAndTheOldOneStillIs() throws Exception {
    var before = Keycloaks.fresh("ml-engineer-1");
    var realm = Keycloaks.admin("GET", "", null).path("id").asText();
    var key = Api.object();
    key.put("name", "rotated").put("providerId", "rsa-generated").put("parentId", realm);
    key.put("providerType", "org.keycloak.keys.KeyProvider");
    var config = key.putObject("config");
    config.putArray("priority").add("1000");
    config.putArray("algorithm").add("RS256");
    Keycloaks.admin("POST", "/components", key);
    var after = Keycloaks.fresh("ml-engineer-1");

    assertThat(keyOf(after)).isNotEqualTo(keyOf(before));
    await()
        .atMost(Duration.ofSeconds(30)) // keys are read again at most once a second
        .until(() -> send(after, "GET", READ, null).statusCode() == 200);
    assertThat(send(before, "GET", READ, null).statusCode()).isEqualTo(200);
    var introspected = send(after, "POST", PROMOTIONS, "{}");
    assertThat(introspected.statusCode()).isNotIn(401, 503);
  }

  @Test
  @Order(11)
  void withoutKeycloakTokensAreStillTakenAndDecisionsFailClosed() {
    var engineer = Keycloaks.fresh("ml-engineer-1");
    var officer = Keycloaks.fresh("risk-officer-1");
    assertThat(decisions(engineer, officer)).doesNotContain(401, 503);
    Keycloaks.server().close();
    try {
      assertThat(send(engineer, "GET", READ, null).statusCode()).isEqualTo(200);
      var made = send(engineer, "POST", "/api/v1/datasets", "{\"name\":\"while-it-is-away\"}");
      assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
      assertThat(decisions(engineer, officer)).containsOnly(503);
      var refused = send(officer, "POST", APPROVALS, "{}");
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(refused.body()).contains("/problems/unavailable");
    } finally {
      Keycloaks.server().start();
    }
    assertThat(decisions(engineer, officer)).doesNotContain(401, 503);
    assertThat(send(Keycloaks.fresh("auditor-1"), "GET", READ, null).statusCode()).isEqualTo(200);
  }

  /** Plays the road with Keycloak's tokens, and answers the promotion that it leaves waiting. */
  private static String demonstrated() {
    var told = new ByteArrayOutputStream();
    var out = new PrintStream(told, true, StandardCharsets.UTF_8);
    var outcome = new Demonstration(Keycloaks.installation().url(), Keycloaks::token, out).play();
    assertThat(told.toString(StandardCharsets.UTF_8)).contains("trail verified");
    return outcome.pendingPromotion();
  }

  private static Page signIn(Browser browser, Page form, String user) {
    return browser.send(
        form, "login-actions", Map.of("username", user, "password", Keycloaks.password()));
  }

  private static Page approve(Browser browser, Page promotion) {
    return browser.send(
        promotion, "/answer", Map.of("answer", "approve", "meaning", "review", "comment", COMMENT));
  }

  private static int approvals(String promotion) {
    try (var api = new Api(Keycloaks.installation().url(), Keycloaks::token)) {
      var request =
          api.get("auditor-1", "/api/v1/promotions/" + promotion).text("/approvalRequest/href");
      return api.get("auditor-1", request).body().path("approvals").size();
    }
  }

  /** The statuses of what asks the issuer; none of it names anything that is there. */
  private static List<Integer> decisions(String engineer, String officer) {
    return List.of(
        send(engineer, "POST", PROMOTIONS, "{}").statusCode(),
        send(engineer, "POST", DEPLOYMENTS, "{}").statusCode(),
        send(officer, "POST", APPROVALS, "{}").statusCode(),
        send(officer, "POST", REJECTIONS, "{}").statusCode());
  }

  private static HttpResponse<String> send(
      @Nullable String token, String method, String path, @Nullable String json) {
    return Http.sendTo(
        Keycloaks.installation().url(),
        token == null ? null : "Bearer " + token,
        method,
        path,
        json);
  }

  private static int inWorkspace(String token, @Nullable String workspace, String dataset) {
    var request =
        HttpRequest.newBuilder(Keycloaks.installation().url().resolve("/api/v1/datasets"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"" + dataset + "\"}"));
    if (workspace != null) {
      request.header("Assay-Workspace", workspace);
    }
    return Http.send(request.build()).statusCode();
  }

  private static String child(String parent, String name) {
    Keycloaks.admin("POST", "/groups/" + parent + "/children", Api.object().put("name", name));
    for (var group : Keycloaks.admin("GET", "/groups/" + parent + "/children", null)) {
      if (group.path("name").asText().equals(name)) {
        return group.path("id").asText();
      }
    }
    throw new AssertionError("No group " + name);
  }

  private static ObjectNode client(String id) {
    return (ObjectNode) Keycloaks.admin("GET", "/clients?clientId=" + id, null).path(0);
  }

  /** A genuine token of the same realm that is not for us. */
  private static String forAnotherAudience() {
    var other =
        Api.object()
            .put("clientId", "elsewhere")
            .put("secret", "of-no-importance")
            .put("publicClient", false)
            .put("serviceAccountsEnabled", true);
    Keycloaks.admin("POST", "/clients", other);
    return Keycloaks.ofClient(Keycloaks.realm(), "elsewhere", "of-no-importance");
  }

  private static HttpResponse<String> authorize(Map<String, String> question) {
    return Http.send(
        HttpRequest.newBuilder(
                URI.create(
                    Keycloaks.realm()
                        + "/protocol/openid-connect/auth?"
                        + Keycloaks.encoded(question)))
            .build());
  }

  private static String keyOf(String token) throws java.text.ParseException {
    return SignedJWT.parse(token).getHeader().getKeyID();
  }

  private static com.fasterxml.jackson.databind.JsonNode claims(@Nullable String token) {
    var parts = Objects.requireNonNull(token, "nobody is signed in").split("\\.", -1);
    return Keycloaks.json(
        new String(java.util.Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
  }
}
