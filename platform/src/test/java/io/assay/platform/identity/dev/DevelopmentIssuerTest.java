package io.assay.platform.identity.dev;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jwt.SignedJWT;
import io.assay.platform.identity.ServiceTokens;
import io.assay.platform.sample.SampleService;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevelopmentIssuerTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path data;
  private EmbeddedServer issuer;

  @BeforeEach
  void start() {
    issuer = issuer(Map.of());
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  @Test
  void a_development_user_gets_a_token_that_a_service_accepts() throws Exception {
    try (var service = service()) {
      var token = token("ml-engineer-1");
      assertThat(whoAmI(service, token)).contains("ml-engineer", "\"kind\":\"person\"");
      var claims = SignedJWT.parse(token).getJWTClaimsSet();
      assertThat(claims.getStringClaim("preferred_username")).isEqualTo("ml-engineer-1");
      assertThat(claims.getStringClaim("typ")).isEqualTo("Bearer");
    }
  }

  @Test
  void a_service_gets_its_own_token_and_keeps_it() {
    try (var service =
        service(
            Map.of(
                "assay.identity.service.token-url", url("/token"),
                "assay.identity.service.client-id", "assay-registry",
                "assay.identity.service.client-secret-file", secretFile().toString()))) {
      var tokens = service.context().getBean(ServiceTokens.class);
      assertThat(whoAmI(service, tokens.token())).contains("\"kind\":\"service\"");
      assertThat(tokens.token()).isEqualTo(tokens.token());
    }
  }

  @Test
  void who_cannot_read_the_secret_gets_nothing() throws Exception {
    assertThat(ask("grant_type=password&username=admin-1").statusCode()).isEqualTo(401);
    assertThat(ask("grant_type=password&username=admin-1&client_secret=guess").statusCode())
        .isEqualTo(401);
    assertThat(ask("grant_type=client_credentials&client_id=assay-policy&client_secret=x").body())
        .contains("invalid_client");
  }

  @Test
  void an_unknown_user_gets_nothing() throws Exception {
    var answer = ask("grant_type=password&username=root&client_secret=" + secret());
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("invalid_grant");
  }

  @Test
  void secret_and_keys_are_readable_by_their_owner_only() throws IOException {
    for (var file : new String[] {"client-secret", "keys.json"}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder(file))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void the_published_keys_are_public() throws Exception {
    var jwks = get("/jwks");
    assertThat(jwks.toString()).contains("\"n\"").doesNotContain("\"d\"", "\"p\"", "\"q\"");
    assertThat(get("/.well-known/openid-configuration").path("jwks_uri").asText())
        .isEqualTo(url("/jwks"));
  }

  @Test
  void a_restart_keeps_the_key_and_a_rotation_brings_another() throws Exception {
    var before = kid(token("auditor-1"));
    issuer.close();
    issuer = issuer(Map.of());
    assertThat(kid(token("auditor-1"))).isEqualTo(before);

    post("/keys/rotation", "client_secret=" + secret());
    assertThat(kid(token("auditor-1"))).isNotEqualTo(before);
    assertThat(get("/jwks").toString()).contains(before);

    post("/keys/rotation", "client_secret=" + secret());
    assertThat(get("/jwks").toString()).doesNotContain(before);
  }

  @Test
  void it_says_by_what_it_stands_and_by_a_disabled_users_tokens_it_does_not() throws Exception {
    var token = token("ml-engineer-1");
    assertThat(introspected(token, secret()).path("active").asBoolean()).isTrue();
    assertThat(introspected(token, secret()).path("preferred_username").asText())
        .isEqualTo("ml-engineer-1");
    assertThat(introspected(token + "x", secret()).path("active").asBoolean(true)).isFalse();
    assertThat(introspected("garbage", secret()).path("active").asBoolean(true)).isFalse();
    assertThat(introspected(token, "guessed").path("error").asText()).isEqualTo("invalid_client");

    post("/users/disabled", "username=ml-engineer-1&client_secret=guessed");
    assertThat(introspected(token, secret()).path("active").asBoolean()).isTrue();
    post("/users/disabled", "username=ml-engineer-1&client_secret=" + secret());
    assertThat(introspected(token, secret()).path("active").asBoolean(true)).isFalse();
    assertThat(token("ml-engineer-1")).isEmpty();
    assertThat(introspected(token("ml-engineer-2"), secret()).path("active").asBoolean()).isTrue();

    post("/users/disabled", "username=ml-engineer-1&enabled=true&client_secret=" + secret());
    assertThat(introspected(token, secret()).path("active").asBoolean()).isTrue();
  }

  @Test
  void it_does_not_start_in_production_or_on_a_public_address() {
    assertThatThrownBy(() -> issuer(Map.of("assay.profile", "production")))
        .hasStackTraceContaining("production profile");
    assertThatThrownBy(() -> issuer(Map.of("micronaut.server.host", "0.0.0.0")))
        .hasStackTraceContaining("loopback");
  }

  private EmbeddedServer issuer(Map<String, ?> more) {
    var properties = new HashMap<String, Object>();
    properties.put("assay.service", "dev-issuer");
    properties.put("micronaut.server.port", -1);
    properties.put("assay.data", data.toString());
    properties.putAll(more);
    return ApplicationContext.run(EmbeddedServer.class, properties, "dev-issuer");
  }

  private SampleService service() {
    return service(Map.of());
  }

  private SampleService service(Map<String, ?> more) {
    var properties = new HashMap<String, Object>(more);
    properties.put("assay.identity.issuer", "urn:assay:development");
    properties.put("assay.identity.jwks-url", url("/jwks"));
    return new SampleService(properties);
  }

  private static String whoAmI(SampleService service, String token) {
    return service
        .send(
            HttpRequest.newBuilder(service.uri("/api/v1/samples/whoami"))
                .header("Authorization", "Bearer " + token)
                .build())
        .body();
  }

  private String token(String user) throws Exception {
    var answer = ask("grant_type=password&username=" + user + "&client_secret=" + secret());
    return JSON.readTree(answer.body()).path("access_token").asText();
  }

  private static String kid(String token) throws Exception {
    return SignedJWT.parse(token).getHeader().getKeyID();
  }

  private HttpResponse<String> ask(String form) throws Exception {
    return post("/token", form);
  }

  private HttpResponse<String> post(String path, String form) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(url(path)))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build(),
        BodyHandlers.ofString());
  }

  private JsonNode introspected(String token, String clientSecret) throws Exception {
    var credentials = Base64.getEncoder().encodeToString(("assay:" + clientSecret).getBytes(UTF_8));
    return JSON.readTree(
        HTTP.send(
                HttpRequest.newBuilder(URI.create(url("/introspect")))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .header("Authorization", "Basic " + credentials)
                    .POST(BodyPublishers.ofString("token=" + token))
                    .build(),
                BodyHandlers.ofString())
            .body());
  }

  private JsonNode get(String path) throws Exception {
    return JSON.readTree(
        HTTP.send(HttpRequest.newBuilder(URI.create(url(path))).build(), BodyHandlers.ofString())
            .body());
  }

  private String url(String path) {
    return "http://127.0.0.1:" + issuer.getPort() + path;
  }

  private Path folder(String file) {
    return data.resolve("dev-issuer").resolve(file);
  }

  private Path secretFile() {
    return folder("client-secret");
  }

  private String secret() throws IOException {
    return Files.readString(secretFile());
  }
}
