package io.assay.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.cli.Api;
import io.assay.contracts.Sha256;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** Versions that a program registers, and environments where nothing but approvals is asked for. */
final class Candidates {

  private static final String FILE = "weights.txt";

  private Candidates() {}

  /** Registers all that a version takes, with this credential; the path of the model's versions. */
  static String register(String authorization) {
    var system = "system-" + UUID.randomUUID();
    var model = "model-" + UUID.randomUUID();
    write(
        authorization,
        "/api/v1/systems",
        Api.object()
            .put("name", system)
            .put("purpose", "a test")
            .put("owner", "tests")
            .put("riskTier", "minimal")
            .put("aiActClass", "minimal-risk"));
    write(
        authorization,
        "/api/v1/models",
        Api.object()
            .put("name", model)
            .put("system", system)
            .put("kind", "statistical")
            .put("riskTier", "minimal"));
    var bytes = "weights".getBytes(StandardCharsets.UTF_8);
    var manifest = Api.object();
    manifest
        .putArray("artifacts")
        .addObject()
        .put("path", FILE)
        .put("digest", Sha256.of(bytes).hex())
        .put("size", bytes.length)
        .put("mediaType", "text/plain");
    var versions = "/api/v1/models/" + model + "/versions";
    write(authorization, versions, manifest);
    var stored =
        Http.send(
            HttpRequest.newBuilder(
                    URI.create(Assays.shared().url() + versions + "/1/artifacts/" + FILE))
                .header("Authorization", authorization)
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofByteArray(bytes))
                .build());
    assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
    return versions;
  }

  /**
   * An environment whose policy asks for one risk officer's approval and nothing else; its name.
   */
  static String environment() {
    var name = "e" + UUID.randomUUID().toString().substring(0, 8);
    try (var api = Assays.api()) {
      var author = "compliance-officer-1";
      var created =
          api.post(
              author, "/api/v1/policies", Api.object().put("name", name).put("environment", name));
      assertThat(created.status()).as(created.toString()).isEqualTo(201);
      var document =
          """
          name: %s
          environment: %s
          conditions:
            - name: anything
              severity: advisory
              expression: 1 == 1
              required: nothing
              remedy: none
          approvals:
            total: 1
            byRole: {risk-officer: 1}
            validFor: 1 days
          validFor: 1 hours
          """
              .formatted(name, name);
      var versions = "/api/v1/policies/" + name + "/versions";
      var drafted = api.post(author, versions, Api.object().put("document", document));
      assertThat(drafted.status()).as(drafted.toString()).isEqualTo(201);
      var requested = api.post(author, versions + "/1/activation", Api.object());
      assertThat(requested.status()).as(requested.toString()).isEqualTo(202);
      var digest = drafted.text("/digest");
      for (var other : List.of("compliance-officer-2", "compliance-officer-3")) {
        var approved =
            api.post(
                other,
                requested.text("/approvalRequest/href") + "/approvals",
                approval(digest, digest));
        assertThat(approved.status()).as(approved.toString()).isEqualTo(201);
      }
    }
    return name;
  }

  static JsonNode approval(String contentDigest, String policyDigest) {
    return Api.object()
        .put("contentDigest", contentDigest)
        .put("policyDigest", policyDigest)
        .put("meaning", "approval");
  }

  private static void write(String authorization, String path, JsonNode body) {
    var answer = Keys.send("POST", path, authorization, body.toString(), null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }
}
