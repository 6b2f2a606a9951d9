package io.assay.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages over a public interface that answers what each test says. */
class PagesTest {

  private static final String ID = "018f6f0e-8a3b-7c1d-9a57-0c1f2b3a4d5e";
  private static final String DIGEST = "ab".repeat(32);
  private static final String MADE =
      "\"createdAt\":\"2026-01-31T12:00:00Z\",\"createdBy\":\"" + ID + "\",\"position\":7";
  private static final String CONDITION =
      """
      {"name":"parity <b>","severity":"blocking","outcome":"missed","required":"at most 0.10",
       "actual":"0.2011","shortfall":"0.1011","sources":[5],"remedy":"Measure again"}""";
  private static final String OPEN_REQUEST =
      """
        {"id":"%1$s","subjectKind":"promotion","subject":"%1$s","label":"x","environment":"production",
         "state":"open","contentDigest":"%2$s","policyDigest":"%2$s","requiredApprovals":2,
         "requiredRoles":[{"role":"risk-officer","count":1}],"approvals":[],"rejections":[],%3$s}"""
          .formatted(ID, DIGEST, MADE);

  private static final String PROMOTION =
      """
      {"id":"%1$s","model":"%1$s","modelName":"recidivism","version":"%1$s","versionNumber":2,
       "environment":"production","state":"pending","contentDigest":"%2$s","conditions":[%3$s],
       "approvalRequest":{"id":"%1$s","href":"/api/v1/approval-requests/%1$s"},%4$s}"""
          .formatted(ID, DIGEST, CONDITION, MADE);
  private static final String DEPLOYMENT =
      """
      {"id":"%1$s","model":"%1$s","modelName":"recidivism","version":"%1$s","versionNumber":1,
       "environment":"production","strategy":"all","target":"court","state":"observed",
       "promotion":"%1$s","policyStanding":"out-of-policy","conditions":[%2$s],%3$s}"""
          .formatted(ID, CONDITION, MADE);
  private static final String MODEL =
      """
      {"id":"%1$s","name":"<script>alert(1)</script>","system":"%1$s","systemName":"courts",
       "kind":"ml","riskTier":"high","state":"active","latestVersion":2,%2$s}"""
          .formatted(ID, MADE);
  private static final String EVENT =
      """
      {"id":"%1$s","position":7,"type":"ModelRegistered","version":1,
       "recordedAt":"2026-01-31T12:00:00Z","actor":{"id":"%1$s","kind":"person"},
       "writer":"registry","correlation":"c","entities":["model:%1$s"],"content":{"kind":"ml"},
       "erased":false,"leaf":"%2$s"}"""
          .formatted(ID, DIGEST);

  private static final String VERIFICATIONS = "/console/log/verifications";

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final Map<String, Integer> refused = new ConcurrentHashMap<>();
  private final Map<String, String> received = new ConcurrentHashMap<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private HttpServer gateway;
  private EmbeddedServer console;

  @BeforeEach
  void start() throws IOException {
    gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gateway.createContext(
        "/",
        exchange -> {
          var path = exchange.getRequestURI().getPath();
          received.put(
              path,
              exchange.getRequestHeaders().getFirst("Authorization")
                  + " from "
                  + exchange.getRequestHeaders().getFirst("Assay-Min-Position")
                  + " on "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          var answer = answers.get(path);
          int status = refused.getOrDefault(path, answer == null ? 404 : 200);
          var body =
              answer != null && status == 200
                  ? answer
                  : "{\"type\":\"/problems/not-found\",\"title\":\"Not found\",\"status\":%d,\"detail\":\"There is none.\"}"
                      .formatted(status);
          var bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Assay-Position", "7");
          exchange
              .getResponseHeaders()
              .set("Content-Type", status == 200 ? "application/json" : "application/problem+json");
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    gateway.start();
    console =
        ApplicationContext.builder()
            .environments("console")
            .deduceEnvironment(false)
            .properties(
                Map.of(
                    "assay.service",
                    "console",
                    "micronaut.server.port",
                    -1,
                    "micronaut.server.host",
                    "127.0.0.1",
                    "assay.services.gateway.url",
                    "http://127.0.0.1:" + gateway.getAddress().getPort()))
            .start()
            .getBean(EmbeddedServer.class)
            .start();
  }

  @AfterEach
  void stop() {
    console.close();
    gateway.stop(0);
  }

  @Test
  void whoIsNotSignedInIsLedToSignIn() throws Exception {
    var answer = send(request("/"));
    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location")).hasValue("/console/sign-in");
    assertThat(send(request("/console/sign-in")).body())
        .contains("Only the users of a development");
  }

  @Test
  void anEmptyInstallationHasItsWords() throws Exception {
    for (var list : new String[] {"models", "promotions", "deployments"}) {
      answers.put("/api/v1/" + list, "{\"items\":[]}");
    }
    var page = send(signedIn("/"));
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body())
        .contains("No model is registered yet", "None waits", "All that serves is within");
    assertThat(page.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(
            policy -> assertThat(policy).contains("default-src 'none'").doesNotContain("unsafe"));
  }

  @Test
  void theOverviewShowsWhatThereIsAndRunsNothingThatPeopleWrote() throws Exception {
    answers.put("/api/v1/models", "{\"items\":[" + MODEL + "]}");
    answers.put("/api/v1/promotions", "{\"items\":[" + PROMOTION + "]}");
    answers.put("/api/v1/deployments", "{\"items\":[" + DEPLOYMENT + "]}");
    answers.put(
        "/api/v1/log",
        "{\"id\":\"%s\",\"epoch\":1,\"size\":8,\"root\":\"%s\",\"rootSize\":8,\"verified\":false}"
            .formatted(ID, DIGEST));
    var page = send(signedIn("/")).body();
    assertThat(page)
        .contains("recidivism v2", "out of policy", DIGEST, "&lt;script&gt;alert(1)")
        .doesNotContain("<script>alert");
    assertThat(received.get("/api/v1/models")).startsWith("Bearer e30.");
  }

  @Test
  void aModelIsShownWithItsTrailThoughAPartIsMissing() throws Exception {
    answers.put("/api/v1/models/" + ID, MODEL);
    answers.put("/api/v1/audit/events", "{\"items\":[" + EVENT + "]}");
    var page = send(signedIn("/console/models/" + ID));
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("ModelRegistered", "There is none.");
  }

  @Test
  void aPromotionIsApprovedByWhatThePageShowedAndOnlyFromThatPage() throws Exception {
    answers.put("/api/v1/promotions/" + ID, PROMOTION);
    answers.put("/api/v1/approval-requests/" + ID, OPEN_REQUEST);
    answers.put(
        "/api/v1/approval-requests/" + ID + "/approvals",
        """
        {"id":"%1$s","actor":{"id":"a","kind":"person"},"roles":["risk-officer"],
         "contentDigest":"%2$s","policyDigest":"%2$s","meaning":"review",%3$s}"""
            .formatted(ID, DIGEST, MADE));
    var page = send(signedIn("/console/promotions/" + ID)).body();
    assertThat(page).contains("0 of 2", "1 by a risk-officer", "0.1011", "parity &lt;b&gt;");
    var form =
        page.replaceAll(
            "(?s).*class=\"answer\">\\s*<input type=\"hidden\" name=\"form\" value=\"(\\w+)\".*",
            "$1");
    var fields =
        "&request=%s&content=%s&policy=%s&meaning=review&answer=approve&comment=fine"
            .formatted(ID, DIGEST, DIGEST);

    assertThat(post("/console/promotions/" + ID + "/answer", "form=forged" + fields).statusCode())
        .isEqualTo(403);
    assertThat(received).doesNotContainKey("/api/v1/approval-requests/" + ID + "/approvals");

    var approved = post("/console/promotions/" + ID + "/answer", "form=" + form + fields);
    assertThat(approved.statusCode()).isEqualTo(303);
    assertThat(received.get("/api/v1/approval-requests/" + ID + "/approvals"))
        .contains(DIGEST, "\"meaning\":\"review\"", "fine");

    // Who has answered sees his answer, however far behind the views are.
    send(signedIn(approved.headers().firstValue("Location").orElseThrow()));
    assertThat(received.get("/api/v1/promotions/" + ID)).contains("from 7 on");
    assertThat(received.get("/api/v1/approval-requests/" + ID)).contains("from 7 on");
  }

  @Test
  void whoHasToProveHimselfFirstFindsTheFormAsHeLeftIt() throws Exception {
    answers.put("/api/v1/promotions/" + ID, PROMOTION);
    answers.put("/api/v1/approval-requests/" + ID, OPEN_REQUEST);
    var path = "/console/promotions/" + ID;
    var form =
        "form=%s&request=%s&content=%s&policy=%s&meaning=review&answer=approve&comment="
            .formatted(Session.of(token()).orElseThrow().formToken(), ID, DIGEST, DIGEST);
    refused.put("/api/v1/approval-requests/" + ID + "/approvals", 401);

    var led = post(path + "/answer", form + "it+says+%3Cb%3E");
    assertThat(led.statusCode()).isEqualTo(303);
    var kept = led.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(kept).contains("HTTPOnly", "SameSite=Strict", "Path=" + path);
    var draft = kept.split(";", 2)[0];
    assertThat(shown(path, token(), draft))
        .contains("it says &lt;b&gt;</textarea>", "value=\"review\" checked");
    assertThat(shown(path, token("compliance-officer"), draft)) // somebody else's session
        .doesNotContain("it says")
        .contains("value=\"approval\" checked");
    assertThat(shown(path, token(), "assay_draft=a.b.c")).contains("></textarea>");

    assertThat(post(path + "/answer", form + "a".repeat(4000)).headers().allValues("Set-Cookie"))
        .isEmpty();
  }

  private String shown(String path, String token, String cookie) throws Exception {
    return send(request(path).header("Cookie", "assay_session=" + token + "; " + cookie)).body();
  }

  @Test
  void whoCannotAnswerAnApprovalRequestIsShownNoForm() throws Exception {
    answers.put("/api/v1/promotions/" + ID, PROMOTION);
    answers.put("/api/v1/approval-requests/" + ID, OPEN_REQUEST);
    var page =
        send(request("/console/promotions/" + ID)
                .header("Cookie", "assay_session=" + token("auditor")))
            .body();
    assertThat(page).contains("0 of 2", "risk officers").doesNotContain("<textarea");
  }

  @Test
  void aDeploymentOutOfPolicySaysOnWhatConditionsAndByHowMuch() throws Exception {
    answers.put("/api/v1/deployments/" + ID, DEPLOYMENT);
    assertThat(send(signedIn("/console/deployments/" + ID)).body())
        .contains("out of policy", "0.2011", "at most 0.10", "0.1011", "Measure again");
  }

  @Test
  void lineageIsAPictureWithoutScriptOrInlineStyle() throws Exception {
    answers.put(
        "/api/v1/lineage",
        """
        {"root":"run:1","nodes":[
          {"key":"run:1","kind":"run","id":"1","label":"train · finished","position":1,"createdAt":"2026-01-31T12:00:00Z"},
          {"key":"model:2","kind":"model","id":"2","label":"recidivism","position":2,"createdAt":"2026-01-31T12:00:00Z"}],
         "edges":[{"from":"run:1","to":"model:2","kind":"produced","position":2}],
         "truncated":false,"marker":3}""");
    assertThat(send(signedIn("/console/lineage?node=run:1")).body())
        .contains("<svg", "recidivism", "/console/models/2")
        .doesNotContain("style=");
    assertThat(send(signedIn("/console/lineage")).body()).contains("Name a thing");
  }

  @Test
  void theLogIsVerifiedWithAndWithoutScript() throws Exception {
    var ended =
        """
        {"id":"%1$s","state":"ended","reading":1,"events":8,"logSize":8,"root":"%2$s","verified":false,
         "faultCount":2,"faults":[{"position":3,"kind":"leaf","detail":"changed <b>"}],
         "askedAt":"2026-01-31T12:00:00Z","verifiedAt":"2026-01-31T12:00:01Z"}"""
            .formatted(ID, DIGEST);
    answers.put("/api/v1/log/verifications", ended);
    answers.put("/api/v1/log/verifications/" + ID, ended);
    var form = "form=" + Session.of(token()).orElseThrow().formToken();
    var page = post(VERIFICATIONS, form);
    assertThat(page.statusCode()).isEqualTo(303);
    assertThat(page.headers().firstValue("Location")).hasValue(VERIFICATIONS + "/" + ID);
    assertThat(send(signedIn(VERIFICATIONS + "/" + ID)).body())
        .contains("<html", "not verified", "changed &lt;b&gt;", "the first 1 of 2")
        .doesNotContain("hx-trigger");
    var piece =
        send(
            signedIn(VERIFICATIONS)
                .header("HX-Request", "true")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    assertThat(piece.body()).contains("changed").doesNotContain("<html");
  }

  @Test
  void aVerificationThatTakesLongShowsHowFarItIs() throws Exception {
    answers.put("/api/v1/log/verifications/" + ID, goingOn("running", 2, 300));
    assertThat(send(signedIn(VERIFICATIONS + "/" + ID).header("HX-Request", "true")).body())
        .contains("every 2s", "max=\"900\" value=\"300\"", "in reading 2")
        .doesNotContain("<html");
    answers.put("/api/v1/log/verifications/" + ID, goingOn("waiting", 0, 0));
    assertThat(send(signedIn(VERIFICATIONS + "/" + ID)).body())
        .contains("every 2s", "Another verification has to end first");
    answers.put(
        "/api/v1/log/verifications/" + ID,
        goingOn("failed", 1, 7).replace("}", ",\"failure\":\"The process has ended.\"}"));
    assertThat(send(signedIn(VERIFICATIONS + "/" + ID)).body())
        .contains("The process has ended.")
        .doesNotContain("every 2s");
  }

  @Test
  void verificationsAreListedAndPagedOn() throws Exception {
    answers.put("/api/v1/log/verifications", "{\"items\":[]}");
    assertThat(send(signedIn(VERIFICATIONS)).body()).contains("Nobody has had the log verified");
    answers.put(
        "/api/v1/log/verifications",
        "{\"items\":[" + goingOn("running", 1, 300) + "],\"next\":\"abc\"}");
    assertThat(send(signedIn(VERIFICATIONS)).body())
        .contains(VERIFICATIONS + "/" + ID, "running", "300", "cursor=abc");
  }

  private static String goingOn(String state, int reading, long events) {
    return """
        {"id":"%s","state":"%s","reading":%d,"events":%d,"logSize":900,"verified":false,
         "faultCount":0,"faults":[],"askedAt":"2026-01-31T12:00:00Z"}"""
        .formatted(ID, state, reading, events);
  }

  @Test
  void whatDoesNotExistIsSaidOnAPage() throws Exception {
    var page = send(signedIn("/console/deployments/" + ID));
    assertThat(page.statusCode()).isEqualTo(404);
    assertThat(page.body()).contains("<h1>Not found</h1>", "There is none.");
  }

  @Test
  void eventsAreListedAndPagedOn() throws Exception {
    answers.put("/api/v1/audit/events", "{\"items\":[" + EVENT + "],\"next\":\"abc\"}");
    assertThat(send(signedIn("/console/audit?type=ModelRegistered")).body())
        .contains("type=ModelRegistered&amp;cursor=abc", "model:018f6f0e");
  }

  @Test
  void styleAndScriptComeFromHere() throws Exception {
    assertThat(send(request("/assets/console.css")).body()).contains("prefers-color-scheme: dark");
    assertThat(send(request("/assets/htmx.js")).body()).contains("htmx");
  }

  private HttpResponse<String> post(String path, String form) throws Exception {
    return send(
        signedIn(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + console.getPort() + path));
  }

  private HttpRequest.Builder signedIn(String path) {
    return request(path).header("Cookie", "assay_session=" + token());
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static String token() {
    return token("risk-officer");
  }

  private static String token(String role) {
    var claims =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                """
                {"preferred_username":"risk-officer-1","realm_access":{"roles":["%s"]}}"""
                    .formatted(role)
                    .getBytes(StandardCharsets.UTF_8));
    return "e30." + claims + ".c2ln";
  }
}
