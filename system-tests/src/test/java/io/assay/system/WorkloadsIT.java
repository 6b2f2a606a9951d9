package io.assay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.JWTClaimsSet;
import io.assay.cli.Api;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Workloads of GitHub Actions, GitLab CI and Kubernetes, by the settings of a YAML file. */
class WorkloadsIT {

  private static final String NOTHING = "00000000-0000-4000-8000-000000000000";
  private static final String DATASETS = "/api/v1/datasets";
  private static final String READ = DATASETS + "?limit=1";
  private static final WorkloadIssuers ISSUERS = WorkloadIssuers.shared();

  @TestFactory
  Stream<DynamicTest> aWorkloadThatARuleKnowsIsAdmittedByTheGatewayAndByEveryService() {
    var known = new LinkedHashMap<String, String>();
    known.put("github", ISSUERS.bearer(ISSUERS.github()));
    known.put("gitlab", ISSUERS.bearer(ISSUERS.gitlab()));
    known.put("cluster", ISSUERS.bearer(ISSUERS.cluster()));
    return known.entrySet().stream()
        .map(token -> DynamicTest.dynamicTest(token.getKey(), () -> admitted(token.getValue())));
  }

  private static void admitted(String authorization) {
    assertThat(status("gateway", READ, authorization)).isEqualTo(200);
    assertThat(status("registry", READ, authorization)).isEqualTo(200);
    assertThat(status("policy", "/api/v1/policies?limit=1", authorization)).isEqualTo(200);
    assertThat(status("lineage", "/api/v1/lineage?node=model:" + NOTHING, authorization))
        .isEqualTo(404);
  }

  @TestFactory
  Stream<DynamicTest> aWorkloadThatNoRuleKnowsIsToldSoAndWhatIsNotGenuineIsNotBelieved() {
    var strange = new LinkedHashMap<String, JWTClaimsSet.Builder>();
    strange.put("a fork", ISSUERS.github().claim("repository", "eve/credit-scoring"));
    strange.put("another branch", ISSUERS.github().claim("ref", "refs/heads/x"));
    strange.put("an unprotected branch", ISSUERS.gitlab().claim("ref_protected", "false"));
    strange.put("another project", ISSUERS.gitlab().claim("project_path", "eve/credit/scoring"));
    strange.put(
        "another namespace", ISSUERS.cluster().subject("system:serviceaccount:default:trainer"));
    var forged = new LinkedHashMap<String, String>();
    forged.put("another audience", ISSUERS.bearer(ISSUERS.github().audience("sts.example.org")));
    forged.put("our issuer's audience", ISSUERS.bearer(ISSUERS.github().audience("assay")));
    forged.put("expired", ISSUERS.bearer(ISSUERS.gitlab().expirationTime(ago(60))));
    forged.put("of the future", ISSUERS.bearer(ISSUERS.cluster().issueTime(ago(-120))));
    forged.put("another issuer's key", ISSUERS.bearerByGitlab(ISSUERS.github()));
    forged.put(
        "an issuer that nobody trusts",
        ISSUERS.bearer(ISSUERS.github().issuer("https://token.actions.example.org")));
    return Stream.of("gateway", "registry")
        .flatMap(
            service ->
                Stream.concat(
                    strange.entrySet().stream()
                        .map(
                            claims ->
                                DynamicTest.dynamicTest(
                                    claims.getKey() + ", " + service,
                                    () ->
                                        problem(
                                            service,
                                            ISSUERS.bearer(claims.getValue()),
                                            403,
                                            "workload-unknown"))),
                    forged.entrySet().stream()
                        .map(
                            token ->
                                DynamicTest.dynamicTest(
                                    token.getKey() + ", " + service,
                                    () ->
                                        problem(
                                            service, token.getValue(), 401, "unauthenticated")))));
  }

  @Test
  void whatAWorkloadDoesIsItsOwn() {
    var created =
        Keys.send(
            "POST",
            DATASETS,
            ISSUERS.bearer(ISSUERS.cluster()),
            Api.object().put("name", "workload-" + UUID.randomUUID()).toString(),
            null);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    var position = created.headers().firstValue("Assay-Position").orElseThrow();
    var answer =
        Http.send(
            HttpRequest.newBuilder(
                    URI.create(Assays.shared().url() + "/api/v1/audit/events/" + position))
                .header("Authorization", "Bearer " + Assays.token("auditor-1"))
                .header("Assay-Min-Position", position)
                .build());
    var event = Api.json(answer.body());
    assertThat(event.at("/actor/kind").asText()).isEqualTo("service");
    assertThat(event.at("/actor/displayName").asText())
        .isEqualTo("cluster system:serviceaccount:training:trainer");
    assertThat(event.path("client").asText()).isEqualTo("workload:cluster");
    assertThat(event.has("onBehalfOf")).isFalse();
  }

  @Test
  void aWorkloadDoesNothingThatTakesAPerson() {
    for (var path :
        List.of(
            "/api/v1/approval-requests/" + NOTHING + "/approvals",
            "/api/v1/approval-requests/" + NOTHING + "/rejections",
            Keys.PATH)) {
      var refused = Keys.send("POST", path, ISSUERS.bearer(ISSUERS.github()), "{}", null);
      assertThat(refused.statusCode()).as(path).isEqualTo(403);
      assertThat(refused.body()).contains("/problems/credential-not-allowed");
    }
    var elsewhere = Keys.send("GET", READ, ISSUERS.bearer(ISSUERS.github()), null, "elsewhere");
    assertThat(elsewhere.statusCode()).isEqualTo(404);
  }

  @Test
  void aWorkloadRegistersAVersionAndAsksForItsPromotionWithAFreshToken() {
    var versions = Candidates.register(ISSUERS.bearer(ISSUERS.github()));
    var body = Api.object().put("environment", Candidates.environment()).toString();
    var old = ISSUERS.bearer(ISSUERS.github().issueTime(ago(900)));
    assertThat(Keys.send("POST", versions + "/1/promotions", old, body, null).statusCode())
        .isEqualTo(401);

    var asked =
        Keys.send("POST", versions + "/1/promotions", ISSUERS.bearer(ISSUERS.github()), body, null);
    assertThat(asked.statusCode()).as(asked.body()).isEqualTo(202);
    var promotion = "/api/v1/promotions/" + Api.json(asked.body()).path("id").asText();
    try (var api = Assays.api()) {
      var officer = "risk-officer-1";
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !api.get(officer, promotion).text("/approvalRequest/href").isEmpty());
      var request = api.get(officer, promotion).text("/approvalRequest/href");
      var read = api.get(officer, request);
      var approved =
          api.post(
              officer,
              request + "/approvals",
              Candidates.approval(read.text("/contentDigest"), read.text("/policyDigest")));
      assertThat(approved.status()).as(approved.toString()).isEqualTo(201);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> api.get(officer, promotion).text("/state").equals("permitted"));
    }
  }

  private static Date ago(long seconds) {
    return Date.from(Instant.now().minusSeconds(seconds));
  }

  private static int status(String service, String path, String authorization) {
    return send(service, path, authorization).statusCode();
  }

  private static HttpResponse<String> send(String service, String path, String authorization) {
    return Http.sendTo(Assays.shared().service(service), authorization, "GET", path, null);
  }

  private static void problem(String service, String authorization, int status, String slug) {
    var answer = send(service, READ, authorization);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("/problems/" + slug);
  }
}
