package io.assay.policy.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.contracts.EventCatalogue;
import io.assay.contracts.EventJson;
import io.assay.contracts.GovernanceEvent.ErasureOrdered;
import io.assay.contracts.PromotionId;
import io.assay.eventlog.EventCodec;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.LogMigrations;
import io.assay.eventlog.PostgresEventLog;
import io.assay.eventlog.testing.PostgresServer;
import io.assay.platform.identity.DirectoryMigrations;
import io.assay.platform.testing.TestIssuer;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The policy service on a database of its own and a free port; the registry only writes events. */
public final class PolicyService implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** An answer and its JSON. */
  public record Answer(HttpResponse<String> response, JsonNode body) {
    public int status() {
      return response.statusCode();
    }

    public long position() {
      return response.headers().firstValueAsLong("Assay-Position").orElseThrow();
    }

    public String text(String member) {
      return body.get(member).asText();
    }
  }

  private final TestIssuer issuer = new TestIssuer();
  private final PostgresServer.Database database = PostgresServer.database();
  private final EmbeddedServer server;
  private final EventLog registryLog;
  private final HttpClient http = HttpClient.newHttpClient();

  public PolicyService() {
    LogMigrations.permit(database.owner(), EventCatalogue.assay());
    DirectoryMigrations.migrate(database.owner());
    var properties = new HashMap<String, Object>(database.properties("assay_policy"));
    properties.put("micronaut.server.port", -1);
    properties.put("assay.service", "policy");
    properties.put("assay.secret", "a master secret for tests, long enough for its use");
    properties.putAll(issuer.properties());
    server = ApplicationContext.run(EmbeddedServer.class, properties, "policy");
    var registry = database.as("assay_registry");
    registryLog =
        PostgresEventLog.on(
                registry,
                registry,
                "registry",
                EventCodec.of(new EventJson(EventCatalogue.assay())))
            .open();
  }

  public ApplicationContext context() {
    return server.getApplicationContext();
  }

  public PostgresServer.Database database() {
    return database;
  }

  public EventLog log() {
    return context().getBean(EventLog.class);
  }

  /** A version that the registry knows and that shall go to the environment. */
  public Candidate candidate(String environment) {
    return new Candidate(registryLog, environment);
  }

  /** Registers a policy of the environment's name; answers its path. */
  public String policy(String environment) {
    var created =
        post(
            "/api/v1/policies",
            Map.of("name", environment, "environment", environment),
            "author",
            "compliance-officer");
    return "/api/v1/policies/" + created.text("id");
  }

  /** Drafts a document and has it put in force by two others; answers the last position. */
  public long activated(String policyPath, String document) {
    var drafted =
        post(
            policyPath + "/versions", Map.of("document", document), "author", "compliance-officer");
    var asked =
        post(
            policyPath + "/versions/" + drafted.text("number") + "/activation",
            Map.of(),
            "author",
            "compliance-officer");
    var request = asked.body().get("approvalRequest").get("id").asText();
    approve(request, drafted.text("digest"), drafted.text("digest"), "first", "compliance-officer");
    return approve(
            request, drafted.text("digest"), drafted.text("digest"), "second", "compliance-officer")
        .position();
  }

  public Answer approve(String request, String content, String policy, String person, String role) {
    return post(
        "/api/v1/approval-requests/" + request + "/approvals",
        Map.of("contentDigest", content, "policyDigest", policy, "meaning", "approval"),
        person,
        role);
  }

  public Answer reject(String request, String content, String policy, String person, String role) {
    return post(
        "/api/v1/approval-requests/" + request + "/rejections",
        Map.of("contentDigest", content, "policyDigest", policy, "comment", "no"),
        person,
        role);
  }

  /** Has an operator order that the text of these events be erased. */
  public void orderErasure(Long... positions) {
    var operator = database.as("assay_operator");
    try (var log =
        PostgresEventLog.on(
                operator,
                operator,
                "operator",
                EventCodec.of(new EventJson(EventCatalogue.assay())))
            .open()) {
      Candidate.append(
          log, List.of(), "operator", new ErasureOrdered(List.of(positions), "asked for"));
    }
  }

  /** The registry asks for a decision. */
  public Answer decide(PromotionId promotion, String content) {
    return post(
        "/api/v1/promotions/" + promotion.value() + "/decisions",
        Map.of("contentDigest", content),
        "engineer",
        "ml-engineer");
  }

  public Answer post(String path, Map<String, ?> body, String user, String role) {
    try {
      return send(
          request(path, user, role)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
              .build());
    } catch (JsonProcessingException e) {
      throw new AssertionError("No JSON", e);
    }
  }

  public Answer get(String path) {
    return send(request(path, "auditor", "auditor").build());
  }

  /** Reads what the view shows once it has passed the position. */
  public Answer get(String path, long position) {
    return send(
        request(path, "auditor", "auditor")
            .header("Assay-Min-Position", Long.toString(position))
            .build());
  }

  private HttpRequest.Builder request(String path, String user, String role) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getPort() + path))
        .header("Authorization", "Bearer " + issuer.token(user, role));
  }

  private Answer send(HttpRequest request) {
    try {
      var response = http.send(request, BodyHandlers.ofString());
      return new Answer(
          response, response.body().isEmpty() ? JSON.nullNode() : JSON.readTree(response.body()));
    } catch (JsonProcessingException e) {
      throw new AssertionError("No JSON", e);
    } catch (IOException e) {
      throw new AssertionError("No answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  @Override
  public void close() {
    registryLog.close();
    server.close();
    issuer.close();
    database.close();
  }
}
