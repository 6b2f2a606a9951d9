package io.assay.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.assay.platform.sample.SampleRefusals;
import io.assay.platform.sample.SampleService;
import io.assay.platform.testing.TestIssuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tokens as GitHub Actions, GitLab CI and Kubernetes make them, by an issuer of each, which
 * publishes its keys; and such as they must not be.
 */
class WorkloadTokenTest {

  private static final String SAMPLES = "/api/v1/samples";
  private static final String WHO_AM_I = SAMPLES + "/whoami";
  private static final String AUDIENCE = "https://assay.example";

  private static final RSAKey GITHUB_KEY = TestIssuer.newKey();
  private static final RSAKey GITLAB_KEY = TestIssuer.newKey();
  private static final ECKey CLUSTER_KEY = ecKey();
  private static final AtomicInteger KEY_READINGS = new AtomicInteger();

  private static volatile List<JWK> githubKeys = List.of(GITHUB_KEY);
  @TempDir private static Path folder;

  private static HttpServer issuers;
  private static PrivateServer kubernetes;
  private static SampleService service;

  @BeforeAll
  static void start() throws Exception {
    kubernetes = new PrivateServer(folder);
    kubernetes.publish(
        "/openid/v1/jwks", () -> new JWKSet(CLUSTER_KEY).toPublicJWKSet().toString());
    issuers = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answer("/github/.well-known/openid-configuration", () -> discovery("github"));
    answer(
        "/github/jwks",
        () -> {
          KEY_READINGS.incrementAndGet();
          return new JWKSet(githubKeys).toPublicJWKSet().toString();
        });
    answer("/gitlab/jwks", () -> new JWKSet(GITLAB_KEY).toPublicJWKSet().toString());
    answer("/liar/.well-known/openid-configuration", () -> discovery("github")); // of somebody else
    issuers.start();
    service = new SampleService(settings());
  }

  @AfterAll
  static void stop() {
    service.close();
    issuers.stop(0);
    kubernetes.close();
  }

  private static Map<String, Object> settings() throws IOException {
    var settings = new HashMap<String, Object>();
    issuer(
        settings,
        "github",
        List.of(
            rule(
                Map.of(
                    "repository",
                    "acme/models-*",
                    "ref",
                    "refs/heads/main",
                    "environment",
                    "production"),
                "ml-engineer",
                null),
            rule(
                Map.of(
                    "repository_owner",
                    "acme",
                    "job_workflow_ref",
                    "acme/workflows/.github/workflows/train.yml@refs/tags/v*"),
                "pipeline, auditor",
                "team-a")));
    issuer(
        settings,
        "gitlab",
        List.of(
            rule(
                Map.of("project_path", "acme/credit/*", "ref_protected", "true"),
                "ml-engineer",
                null)));
    settings.put("assay.identity.workloads.gitlab.jwks-url", address() + "/gitlab/jwks");
    issuer(
        settings,
        "cluster",
        List.of(
            rule(Map.of("sub", "system:serviceaccount:training:*"), "ml-engineer", "team-b"),
            rule(Map.of("sub", "system:serviceaccount:training:auditor"), "auditor", "team-b")));
    var token = Files.writeString(folder.resolve("token"), kubernetes.token);
    var prefix = "assay.identity.workloads.cluster.";
    settings.put(prefix + "jwks-url", kubernetes.at("/openid/v1/jwks").toString());
    settings.put(prefix + "ca-file", kubernetes.authority().toString());
    settings.put(prefix + "token-file", token.toString());
    issuer(settings, "liar", List.of(rule(Map.of("sub", "x"), "auditor", null)));
    return settings;
  }

  private static void issuer(Map<String, Object> settings, String name, Object rules) {
    var prefix = "assay.identity.workloads." + name;
    settings.put(prefix + ".issuer", address() + "/" + name);
    settings.put(prefix + ".audience", AUDIENCE);
    settings.put(prefix + ".rules", rules);
  }

  private static Map<String, Object> rule(
      Map<String, String> claims, String roles, @Nullable String workspace) {
    var rule = new HashMap<String, Object>(Map.of("claims", claims, "roles", roles));
    if (workspace != null) {
      rule.put("workspace", workspace);
    }
    return rule;
  }

  @Test
  void a_workflow_of_github_is_admitted_by_its_repository_branch_and_environment() {
    var answer = get(WHO_AM_I, signed(github().build(), GITHUB_KEY));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"kind\":\"service\"", "workload:github", "ml-engineer", "\"default\"");
  }

  @Test
  void a_reusable_workflow_of_github_is_admitted_to_the_workspace_of_its_rule() {
    var token =
        signed(
            github()
                .claim("repository", "acme/elsewhere")
                .claim(
                    "job_workflow_ref", "acme/workflows/.github/workflows/train.yml@refs/tags/v1.2")
                .build(),
            GITHUB_KEY);
    assertThat(get(WHO_AM_I, token).body())
        .contains("team-a", "auditor")
        .doesNotContain("engineer");
    assertThat(get(WHO_AM_I, token, "Assay-Workspace", "team-a").statusCode()).isEqualTo(200);
    assertThat(get(WHO_AM_I, token, "Assay-Workspace", "team-b").statusCode()).isEqualTo(404);
    assertThat(get(WHO_AM_I, token, "Assay-Workspace", "default").statusCode()).isEqualTo(404);
  }

  @Test
  void who_matches_rules_of_two_workspaces_names_the_one_that_he_means() {
    var token =
        signed(
            github()
                .claim(
                    "job_workflow_ref", "acme/workflows/.github/workflows/train.yml@refs/tags/v1.2")
                .build(),
            GITHUB_KEY);
    assertThat(get(WHO_AM_I, token).body()).contains("default", "ml-engineer");
    assertThat(get(WHO_AM_I, token, "Assay-Workspace", "team-a").body())
        .contains("team-a", "auditor")
        .doesNotContain("ml-engineer");
  }

  @Test
  void a_job_of_gitlab_is_admitted_by_its_project_and_protected_branch() {
    var answer = get(WHO_AM_I, signed(gitlab().build(), GITLAB_KEY));
    assertThat(answer.body()).contains("workload:gitlab", "ml-engineer");

    problem(
        get(WHO_AM_I, signed(gitlab().claim("ref_protected", "false").build(), GITLAB_KEY)),
        403,
        "workload-unknown");
    problem(
        get(WHO_AM_I, signed(gitlab().claim("project_path", "acme/other").build(), GITLAB_KEY)),
        403,
        "workload-unknown");
  }

  @Test
  void a_service_account_of_kubernetes_is_admitted_without_a_type_and_by_an_elliptic_curve() {
    var answer = get(WHO_AM_I, signed(cluster("trainer").build()));
    assertThat(answer.body()).contains("workload:cluster", "ml-engineer", "team-b");
    assertThat(get(WHO_AM_I, signed(cluster("auditor").build())).body())
        .contains("ml-engineer", "auditor");
    problem(
        get(WHO_AM_I, signed(cluster("x").subject("system:serviceaccount:other:trainer").build())),
        403,
        "workload-unknown");
  }

  @TestFactory
  Stream<DynamicTest> no_rule_matches_what_is_a_little_different() {
    var different = new LinkedHashMap<String, JWTClaimsSet>();
    different.put("a fork", github().claim("repository", "eve/models-credit").build());
    different.put("another case", github().claim("repository", "Acme/models-credit").build());
    different.put("a longer owner", github().claim("repository", "xacme/models-credit").build());
    different.put("a star goes no deeper", github().claim("repository", "acme/models-a/b").build());
    different.put("another branch", github().claim("ref", "refs/heads/main2").build());
    different.put("a branch of that name", github().claim("ref", "refs/heads/x/main").build());
    different.put("another environment", github().claim("environment", "staging").build());
    different.put("no environment", github().claim("environment", null).build());
    different.put("a list", github().claim("ref", List.of("refs/heads/main")).build());
    different.put("an object", github().claim("ref", Map.of("a", "refs/heads/main")).build());
    different.put(
        "an endless value",
        github().claim("repository", "acme/models-" + "a".repeat(2000)).build());
    return different.entrySet().stream()
        .map(
            claims ->
                DynamicTest.dynamicTest(
                    claims.getKey(),
                    () ->
                        problem(
                            get(WHO_AM_I, signed(claims.getValue(), GITHUB_KEY)),
                            403,
                            "workload-unknown")));
  }

  @TestFactory
  Stream<DynamicTest> what_is_not_genuine_is_refused() throws JOSEException {
    var forged = new LinkedHashMap<String, String>();
    var claims = github().build();
    forged.put("no signature", new PlainJWT(claims).serialize());
    forged.put("an unknown key", signed(claims, TestIssuer.newKey()));
    forged.put(
        "an unknown key under a known name",
        TestIssuer.sign(header(GITHUB_KEY).build(), claims, TestIssuer.newKey()));
    forged.put("a key of another issuer", signed(claims, GITLAB_KEY));
    forged.put(
        "a key of another issuer under a known name",
        TestIssuer.sign(header(GITHUB_KEY).build(), claims, GITLAB_KEY));
    forged.put("our own issuer's key", signed(claims, service.issuer.key()));
    var symmetric =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(GITHUB_KEY.getKeyID()).build(), claims);
    symmetric.sign(new MACSigner(GITHUB_KEY.toRSAPublicKey().getEncoded()));
    forged.put("HS256 with the public key", symmetric.serialize());
    for (var algorithm : List.of(JWSAlgorithm.PS256, JWSAlgorithm.RS512)) {
      forged.put(
          algorithm + " is not asked for",
          TestIssuer.sign(
              new JWSHeader.Builder(algorithm).keyID(GITHUB_KEY.getKeyID()).build(),
              claims,
              GITHUB_KEY));
    }
    forged.put(
        "an access token by its type",
        TestIssuer.sign(
            header(GITHUB_KEY).type(new JOSEObjectType("at+jwt")).build(), claims, GITHUB_KEY));
    forged.put("another audience", signed(github().audience("sigstore").build(), GITHUB_KEY));
    forged.put("no audience", signed(github().audience((String) null).build(), GITHUB_KEY));
    forged.put("expired", signed(github().expirationTime(ago(60)).build(), GITHUB_KEY));
    forged.put("without an end", signed(github().expirationTime(null).build(), GITHUB_KEY));
    forged.put("without a beginning", signed(github().issueTime(null).build(), GITHUB_KEY));
    forged.put("not yet", signed(github().notBeforeTime(ago(-60)).build(), GITHUB_KEY));
    forged.put("of the future", signed(github().issueTime(ago(-60)).build(), GITHUB_KEY));
    forged.put(
        "too long a life", signed(github().expirationTime(ago(-25 * 3600)).build(), GITHUB_KEY));
    forged.put("no subject", signed(github().subject(null).build(), GITHUB_KEY));
    forged.put("an empty subject", signed(github().subject(" ").build(), GITHUB_KEY));
    forged.put(
        "an issuer that nobody trusts",
        signed(github().issuer(address() + "/nobody").build(), GITHUB_KEY));
    forged.put(
        "an issuer with a slash more",
        signed(github().issuer(address() + "/github/").build(), GITHUB_KEY));
    forged.put(
        "a workload by name, our issuer by signature",
        service.issuer.sign(
            service.issuer.claims("ada", "ml-engineer").issuer(address() + "/github").build()));
    forged.put(
        "our issuer by name, a workload by signature",
        signed(github().issuer(TestIssuer.ISSUER).audience("assay").build(), GITHUB_KEY));
    return forged.entrySet().stream()
        .map(
            token ->
                DynamicTest.dynamicTest(
                    token.getKey(),
                    () -> problem(get(WHO_AM_I, token.getValue()), 401, "unauthenticated")));
  }

  @Test
  void a_workload_does_nothing_that_takes_a_person_and_decides_with_a_fresh_token_only() {
    var fresh = signed(github().build(), GITHUB_KEY);
    assertThat(post(SAMPLES, fresh).statusCode()).isEqualTo(201); // introspected, of our issuer's
    var old = signed(github().issueTime(ago(700)).build(), GITHUB_KEY);
    problem(post(SAMPLES, old), 401, "unauthenticated");
    assertThat(get(WHO_AM_I, old).statusCode()).isEqualTo(200);

    problem(post(SAMPLES + "/dry-run", fresh), 403, "credential-not-allowed"); // steps up
    assertThat(service.context().getBean(SampleRefusals.class).recorded)
        .contains("POST /api/v1/samples/dry-run credential-not-allowed");
  }

  @Test
  void roles_in_a_workloads_own_claims_count_for_nothing() {
    var claims =
        github()
            .claim("realm_access", Map.of("roles", List.of("risk-officer", "service")))
            .claim("groups", List.of("/workspaces/*/admin"))
            .claim("assay.credential", Map.of("onBehalfOf", "somebody"))
            .claim("assay.workspaces", List.of("*"));
    var token = signed(claims.build(), GITHUB_KEY);
    assertThat(get(WHO_AM_I, token).body()).doesNotContain("risk-officer", "admin");
    assertThat(get(WHO_AM_I, token, "Assay-Workspace", "team-b").statusCode()).isEqualTo(404);
  }

  @Test
  void a_new_key_is_found_and_a_withdrawn_one_forgotten() {
    var next = TestIssuer.newKey();
    githubKeys = List.of(next, GITHUB_KEY);
    try {
      await()
          .untilAsserted(
              () ->
                  assertThat(get(WHO_AM_I, signed(github().build(), next)).statusCode())
                      .isEqualTo(200));
      int before = KEY_READINGS.get();
      for (int i = 0; i < 20; i++) {
        problem(
            get(WHO_AM_I, signed(github().build(), TestIssuer.newKey())), 401, "unauthenticated");
      }
      assertThat(KEY_READINGS.get() - before).as("twenty unknown keys").isLessThan(20);
    } finally {
      githubKeys = List.of(GITHUB_KEY);
    }
  }

  @Test
  void an_issuer_whose_discovery_names_another_is_not_believed_and_not_called_invalid() {
    var token = signed(github().issuer(address() + "/liar").subject("x").build(), GITHUB_KEY);
    problem(get(WHO_AM_I, token), 503, "unavailable");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ref              | refs/heads/main | ml-engineer  | whose the workload is",
        "job_workflow_ref | acme/x/y@v1     | ml-engineer  | whose the workload is",
        "repository       | */models        | ml-engineer  | whose the workload is",
        "repository       | *               | ml-engineer  | whose the workload is",
        "repository       | acme/*x*        | ml-engineer  | one * in a part",
        "repository       | acme/x          | risk-officer | one or more of the roles",
        "repository       | acme/x          | service      | one or more of the roles",
        "repository       | acme/x          | admin        | one or more of the roles",
        "repository       | acme/x          | operator     | one or more of the roles"
      })
  void a_rule_that_lets_in_what_nobody_meant_stops_the_start(
      String claim, String pattern, String role, String why) {
    stopsTheStart(List.of(rule(Map.of(claim, pattern), role, null)), why);
  }

  @Test
  void a_rule_that_is_misspelt_stops_the_start() {
    stopsTheStart(List.of(), "no rule");
    stopsTheStart(List.of(rule(Map.of("sub", "x"), "pipeline", "No Workspace")), "workspace");
    stopsTheStart(
        List.of(Map.of("claim", Map.of("sub", "x"), "roles", "pipeline")), "has no claim");
  }

  private static void stopsTheStart(Object rules, String why) {
    var settings = new HashMap<String, Object>();
    issuer(settings, "github", rules);
    assertThatThrownBy(() -> new SampleService(settings).get(SAMPLES)).hasStackTraceContaining(why);
  }

  @Test
  void in_production_keys_come_by_tls() {
    var settings = new HashMap<String, Object>();
    issuer(settings, "github", List.of(rule(Map.of("sub", "x"), "pipeline", null)));
    settings.put("assay.identity.workloads.github.jwks-url", "http://192.0.2.1/jwks");
    settings.put("assay.profile", "production");
    settings.put("assay.identity.introspection.url", "http://127.0.0.1:1/introspect");
    assertThatThrownBy(() -> new SampleService(settings).get(SAMPLES))
        .hasStackTraceContaining("keys come by https");
  }

  @Test
  void a_token_that_would_be_shown_without_tls_stops_the_start() throws IOException {
    var settings = new HashMap<String, Object>();
    issuer(settings, "github", List.of(rule(Map.of("sub", "x"), "pipeline", null)));
    var token = Files.writeString(folder.resolve("shown"), "secret");
    settings.put("assay.identity.workloads.github.token-file", token.toString());
    assertThatThrownBy(() -> new SampleService(settings).get(SAMPLES))
        .hasStackTraceContaining("a token is shown by https only");
  }

  @Test
  void an_authority_that_is_none_stops_the_start() {
    var settings = new HashMap<String, Object>();
    issuer(settings, "github", List.of(rule(Map.of("sub", "x"), "pipeline", null)));
    settings.put("assay.identity.workloads.github.ca-file", folder.resolve("nothing").toString());
    assertThatThrownBy(() -> new SampleService(settings).get(SAMPLES))
        .hasStackTraceContaining("assay.identity.workloads.github")
        .hasStackTraceContaining("holds no PEM certificate");
  }

  /** As GitHub describes it. */
  private static JWTClaimsSet.Builder github() {
    return living()
        .issuer(address() + "/github")
        .subject("repo:acme/models-credit:environment:production")
        .claim("repository", "acme/models-credit")
        .claim("repository_owner", "acme")
        .claim("repository_visibility", "private")
        .claim("ref", "refs/heads/main")
        .claim("ref_type", "branch")
        .claim("environment", "production")
        .claim("event_name", "push")
        .claim("workflow", "train")
        .claim("job_workflow_ref", "acme/models-credit/.github/workflows/t.yml@refs/heads/main")
        .claim("run_id", "1234567890")
        .claim("actor", "ada");
  }

  /** As GitLab describes it. */
  private static JWTClaimsSet.Builder gitlab() {
    return living()
        .issuer(address() + "/gitlab")
        .subject("project_path:acme/credit/scoring:ref_type:branch:ref:main")
        .claim("namespace_path", "acme/credit")
        .claim("project_path", "acme/credit/scoring")
        .claim("project_id", "42")
        .claim("ref", "main")
        .claim("ref_type", "branch")
        .claim("ref_protected", "true")
        .claim("pipeline_source", "push")
        .claim("user_login", "ada");
  }

  /** As Kubernetes describes it: the audience is a list, and there is more in an object. */
  private static JWTClaimsSet.Builder cluster(String account) {
    return living()
        .issuer(address() + "/cluster")
        .audience(List.of(AUDIENCE, "other"))
        .subject("system:serviceaccount:training:" + account)
        .claim(
            "kubernetes.io",
            Map.of("namespace", "training", "serviceaccount", Map.of("name", account)));
  }

  private static JWTClaimsSet.Builder living() {
    return new JWTClaimsSet.Builder()
        .audience(AUDIENCE)
        .jwtID("1")
        .issueTime(ago(1))
        .notBeforeTime(ago(1))
        .expirationTime(ago(-300));
  }

  private static Date ago(long seconds) {
    return Date.from(Instant.now().minusSeconds(seconds));
  }

  private static String signed(JWTClaimsSet claims, RSAKey key) {
    return TestIssuer.sign(header(key).build(), claims, key);
  }

  private static JWSHeader.Builder header(RSAKey key) {
    return new JWSHeader.Builder(JWSAlgorithm.RS256).type(JOSEObjectType.JWT).keyID(key.getKeyID());
  }

  private static String signed(JWTClaimsSet claims) {
    try {
      var token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(CLUSTER_KEY.getKeyID()).build(),
              claims);
      token.sign(new ECDSASigner(CLUSTER_KEY));
      return token.serialize();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static ECKey ecKey() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID("cluster").generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static String address() {
    return "http://127.0.0.1:" + issuers.getAddress().getPort();
  }

  private static String discovery(String name) {
    return "{\"issuer\":\"%s/%s\",\"jwks_uri\":\"%s/%s/jwks\"}"
        .formatted(address(), name, address(), name);
  }

  private interface Body {
    String text();
  }

  private static void answer(String path, Body body) {
    issuers.createContext(
        path,
        exchange -> {
          var bytes = body.text().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private static HttpResponse<String> get(String path, String token, String... headers) {
    var all = new ArrayList<>(List.of("Authorization", "Bearer " + token));
    all.addAll(List.of(headers));
    return service.send(
        HttpRequest.newBuilder(service.uri(path)).headers(all.toArray(String[]::new)).build());
  }

  private static HttpResponse<String> post(String path, String token) {
    return service.send(
        HttpRequest.newBuilder(service.uri(path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"name\":\"a\",\"amount\":1}"))
            .build());
  }

  private static void problem(HttpResponse<String> answer, int status, String slug) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("/problems/" + slug);
  }
}
