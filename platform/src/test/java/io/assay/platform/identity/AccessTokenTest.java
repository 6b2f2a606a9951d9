package io.assay.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.assay.platform.sample.SampleService;
import io.assay.platform.testing.TestIssuer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AccessTokenTest {

  private static final String PATH = "/api/v1/samples/whoami";

  private static SampleService service;
  private static TestIssuer issuer;

  @BeforeAll
  static void start() {
    service = new SampleService(Map.of());
    issuer = service.issuer;
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void a_valid_token_is_accepted_and_says_who_asks() {
    var answer = with(issuer.token("ada", "ml-engineer"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"kind\":\"person\"", "\"client\":\"test-client\"", "ml-engineer");
  }

  @Test
  void an_access_token_of_rfc_9068_is_accepted() {
    accepted(
        TestIssuer.sign(
            issuer.header().type(new JOSEObjectType("at+jwt")).build(),
            issuer.claims("ada", "ml-engineer").build(),
            issuer.key()));
  }

  @Test
  void an_access_token_of_rfc_9068_need_not_say_so_twice_but_not_otherwise() {
    var header = issuer.header().type(new JOSEObjectType("at+jwt")).build();
    accepted(TestIssuer.sign(header, valid().claim("typ", null).build(), issuer.key()));
    refused(TestIssuer.sign(header, valid().claim("typ", "ID").build(), issuer.key()));
    refused(
        TestIssuer.sign(
            header, valid().claim("typ", null).audience("other").build(), issuer.key()));
  }

  @Test
  void roles_of_the_client_assay_count_and_those_of_other_clients_do_not() {
    var access = Map.of("assay", Map.of("roles", List.of("auditor")));
    accepted(issuer.sign(issuer.claims("ada").claim("resource_access", access).build()));

    var elsewhere = Map.of("grafana", Map.of("roles", List.of("auditor")));
    var token = issuer.sign(issuer.claims("ada").claim("resource_access", elsewhere).build());
    assertThat(with(token).statusCode()).isEqualTo(403);
  }

  @Test
  void no_token_is_refused_with_a_challenge() {
    var answer = service.send(HttpRequest.newBuilder(service.uri(PATH)).build());

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"assay\"");
    assertThat(answer.body()).contains("\"type\":\"/problems/unauthenticated\"");
  }

  @Test
  void an_expired_token_is_refused() {
    var past = Instant.now().minusSeconds(60);
    refused(issuer.sign(valid().expirationTime(Date.from(past)).build()));
  }

  @Test
  void a_token_that_never_expires_is_refused() {
    refused(issuer.sign(valid().expirationTime(null).build()));
  }

  @Test
  void a_token_that_is_not_yet_valid_is_refused() {
    refused(issuer.sign(valid().notBeforeTime(Date.from(Instant.now().plusSeconds(120))).build()));
  }

  @Test
  void another_issuer_is_refused() {
    refused(issuer.sign(valid().issuer("https://issuer.example").build()));
  }

  @Test
  void another_audience_is_refused() {
    refused(issuer.sign(valid().audience("account").build()));
  }

  @Test
  void no_audience_is_refused() {
    refused(issuer.sign(valid().audience(List.of()).build()));
  }

  @Test
  void no_subject_is_refused() {
    refused(issuer.sign(valid().subject(null).build()));
  }

  @Test
  void an_id_token_is_refused() {
    refused(issuer.sign(valid().claim("typ", "ID").build()));
  }

  @Test
  void a_refresh_token_is_refused() {
    refused(issuer.sign(valid().claim("typ", "Refresh").build()));
  }

  @Test
  void a_token_without_the_claim_typ_is_refused() {
    refused(issuer.sign(valid().claim("typ", null).build()));
  }

  @Test
  void a_token_without_the_header_typ_is_refused() {
    refused(
        TestIssuer.sign(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(issuer.key().getKeyID()).build(),
            valid().build(),
            issuer.key()));
  }

  @Test
  void another_header_typ_is_refused() {
    refused(
        TestIssuer.sign(
            issuer.header().type(new JOSEObjectType("logout+jwt")).build(),
            valid().build(),
            issuer.key()));
  }

  @Test
  void alg_none_is_refused() {
    refused(new PlainJWT(valid().build()).serialize());
  }

  @Test
  void hs256_with_the_public_key_as_secret_is_refused() throws JOSEException {
    var publicKey = issuer.key().toRSAPublicKey().getEncoded();
    var token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256)
                .type(JOSEObjectType.JWT)
                .keyID(issuer.key().getKeyID())
                .build(),
            valid().build());
    token.sign(new MACSigner(publicKey));
    refused(token.serialize());
  }

  @Test
  void an_algorithm_that_is_not_on_the_list_is_refused() {
    refused(
        TestIssuer.sign(
            new JWSHeader.Builder(JWSAlgorithm.RS512)
                .type(JOSEObjectType.JWT)
                .keyID(issuer.key().getKeyID())
                .build(),
            valid().build(),
            issuer.key()));
  }

  @Test
  void tampered_claims_are_refused() {
    var one = issuer.sign(valid().build()).split("\\.");
    var other = issuer.sign(issuer.claims("eve", "admin").build()).split("\\.");
    refused(one[0] + '.' + other[1] + '.' + one[2]);
  }

  @Test
  void an_unknown_key_is_refused() {
    var stranger = TestIssuer.newKey();
    refused(
        TestIssuer.sign(
            issuer.header().keyID(stranger.getKeyID()).build(), valid().build(), stranger));
  }

  @Test
  void an_unknown_key_under_a_known_name_is_refused() {
    refused(TestIssuer.sign(issuer.header().build(), valid().build(), TestIssuer.newKey()));
  }

  @Test
  void what_is_not_a_token_is_refused() {
    refused("garbage");
    refused("a.b.c");
  }

  @Test
  void a_token_without_roles_is_known_and_may_do_nothing() {
    var answer = with(issuer.token("ada"));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("/problems/role-missing", "\"roles\":[\"ml-engineer\"");
  }

  @Test
  void a_new_key_is_accepted_without_restart_and_an_old_one_no_longer_once_it_is_withdrawn() {
    try (var own = new SampleService(Map.of("assay.identity.jwks-ttl", "1s"))) {
      var before = own.issuer.token("ada", "ml-engineer");
      assertThat(status(own, before)).isEqualTo(200);

      own.issuer.rotate(true);
      var after = own.issuer.token("ada", "ml-engineer");
      await(own, after, 200);
      assertThat(status(own, before)).isEqualTo(200);

      own.issuer.rotate(false);
      await(own, own.issuer.token("ada", "ml-engineer"), 200);
      await(own, before, 401);
      await(own, after, 401);
    }
  }

  @Test
  void keys_that_were_read_go_on_while_the_issuer_is_away() {
    try (var own = new SampleService(Map.of("assay.identity.jwks-ttl", "1s"))) {
      var token = own.issuer.token("ada", "ml-engineer");
      assertThat(status(own, token)).isEqualTo(200);
      own.issuer.close();
      var afterTheKeysWouldHaveExpired = System.nanoTime() + 2_500_000_000L;
      while (System.nanoTime() < afterTheKeysWouldHaveExpired) {
        assertThat(status(own, token)).isEqualTo(200);
        LockSupport.parkNanos(50_000_000);
      }
    }
  }

  @Test
  void without_an_issuer_that_was_ever_there_tokens_cannot_be_checked() {
    try (var own = new SampleService(Map.of())) {
      var token = own.issuer.token("ada", "ml-engineer");
      own.issuer.close();
      assertThat(status(own, token)).isEqualTo(503);
    }
  }

  /** Keys are read again at most once a second, so that the change shows a little later. */
  private static void await(SampleService own, String token, int status) {
    var deadline = System.nanoTime() + 30_000_000_000L;
    while (status(own, token) != status) {
      assertThat(System.nanoTime()).as("waiting for %d", status).isLessThan(deadline);
      LockSupport.parkNanos(50_000_000);
    }
  }

  private static int status(SampleService own, String token) {
    return own.send(
            HttpRequest.newBuilder(own.uri(PATH))
                .header("Authorization", "Bearer " + token)
                .build())
        .statusCode();
  }

  private static JWTClaimsSet.Builder valid() {
    return issuer.claims("ada", "ml-engineer");
  }

  private static HttpResponse<String> with(String token) {
    return service.send(
        HttpRequest.newBuilder(service.uri(PATH))
            .header("Authorization", "Bearer " + token)
            .build());
  }

  private static void accepted(String token) {
    assertThat(with(token).statusCode()).isEqualTo(200);
  }

  private static void refused(String token) {
    var answer = with(token);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate"))
        .hasValue("Bearer realm=\"assay\", error=\"invalid_token\"");
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }
}
