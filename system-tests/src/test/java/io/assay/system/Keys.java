package io.assay.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assay.cli.Api;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** API keys, as people issue them and programs send them. */
final class Keys {

  static final String PATH = "/api/v1/api-keys";

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /** A key as its issuer gets it. */
  record Issued(String key, String id, long position) {

    String bearer() {
      return "Bearer " + key;
    }

    String basic(String user) {
      return Keys.basic(user + ":" + key);
    }

    /** The part that nobody but the bearer may ever see. */
    String secret() {
      return key.substring(key.lastIndexOf('_') + 1);
    }
  }

  private Keys() {}

  static Issued issue(String user, String name, String... scopes) {
    var body = body(name, Instant.now().plus(Duration.ofDays(1)), scopes);
    return issued(send("POST", PATH, Http.bearer(user), body, null));
  }

  /** One that reads only. */
  static Issued issueReader(String user, String name, String... scopes) {
    var body = (ObjectNode) Api.json(body(name, Instant.now().plus(Duration.ofDays(1)), scopes));
    body.put("readOnly", true);
    return issued(send("POST", PATH, Http.bearer(user), body.toString(), null));
  }

  static Issued issued(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    var body = Api.json(answer.body());
    return new Issued(
        body.path("key").asText(),
        body.at("/apiKey/id").asText(),
        Long.parseLong(answer.headers().firstValue("Assay-Position").orElseThrow()));
  }

  static String body(String name, Instant expiresAt, String... scopes) {
    var body = Api.object().put("name", name).put("expiresAt", expiresAt.toString());
    var list = body.putArray("scopes");
    for (var scope : scopes) {
      list.add(scope);
    }
    return body.toString();
  }

  static HttpResponse<String> revoke(String user, Issued key) {
    return Http.send(
        user, "POST", PATH + "/" + key.id() + "/revocation", "{\"reason\":\"leaked\"}");
  }

  /** What somebody sees of a key, once the view has it. */
  static JsonNode read(String user, Issued key) {
    var answer =
        Http.send(
            HttpRequest.newBuilder(URI.create(Assays.shared().url() + PATH + "/" + key.id()))
                .header("Authorization", "Bearer " + Assays.token(user))
                .header("Assay-Min-Position", Long.toString(key.position()))
                .build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Api.json(answer.body());
  }

  /** To the gateway. */
  static HttpResponse<String> send(
      String method,
      String path,
      @Nullable String authorization,
      @Nullable String json,
      @Nullable String workspace) {
    var request =
        HttpRequest.newBuilder(URI.create(Assays.shared().url() + path))
            .timeout(Duration.ofSeconds(60))
            .method(
                method,
                json == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(json));
    if (json != null) {
      request.header("Content-Type", "application/json");
    }
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    if (workspace != null) {
      request.header("Assay-Workspace", workspace);
    }
    return Http.send(request.build());
  }

  static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  /** Written a second time, from the description: the check behind what stands before it. */
  static String checked(String unchecked) {
    var crc = new CRC32();
    crc.update(unchecked.getBytes(StandardCharsets.US_ASCII));
    var digits = new StringBuilder();
    for (long rest = crc.getValue(); digits.length() < 6; rest /= DIGITS.length()) {
      digits.insert(0, DIGITS.charAt((int) (rest % DIGITS.length())));
    }
    return unchecked + digits;
  }
}
