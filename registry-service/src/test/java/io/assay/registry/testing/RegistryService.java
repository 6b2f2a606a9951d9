package io.assay.registry.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.contracts.EventCatalogue;
import io.assay.contracts.EventJson;
import io.assay.contracts.GovernanceEvent.ErasureOrdered;
import io.assay.contracts.Sha256;
import io.assay.eventlog.Actor;
import io.assay.eventlog.Append;
import io.assay.eventlog.EventCodec;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.LogMigrations;
import io.assay.eventlog.NewEvent;
import io.assay.eventlog.PostgresEventLog;
import io.assay.eventlog.testing.PostgresServer;
import io.assay.platform.identity.DirectoryMigrations;
import io.assay.platform.testing.TestIssuer;
import io.assay.registry.requestpromotion.FakePolicy;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The registry on a database of its own and a free port, with a policy that does as it is told. */
public final class RegistryService implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** An answer and its JSON. */
  public record Answer(HttpResponse<String> response, JsonNode body) {
    public int status() {
      return response.statusCode();
    }

    public long position() {
      return response.headers().firstValueAsLong("Assay-Position").orElseThrow();
    }

    public String id() {
      return body.get("id").asText();
    }
  }

  public final TestIssuer issuer = new TestIssuer();
  public final PostgresServer.Database database = PostgresServer.database();
  public final Path artifacts;
  private final EmbeddedServer server;
  private final EventLog policyLog;
  private final HttpClient http = HttpClient.newHttpClient();

  /** With a policy that does as it is told. */
  public RegistryService() {
    this(Map.of("assay.test.fake-policy", true));
    policy().writesTo(policyLog);
  }

  /** As configured. */
  public RegistryService(Map<String, Object> configuration) {
    try {
      artifacts = Files.createTempDirectory("assay-artifacts");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    LogMigrations.permit(database.owner(), EventCatalogue.assay());
    DirectoryMigrations.migrate(database.owner());
    var properties = new HashMap<String, Object>(database.properties("assay_registry"));
    properties.put("micronaut.server.port", -1);
    properties.put("assay.service", "registry");
    properties.put("assay.secret", "a master secret for tests, long enough for its use");
    properties.put("assay.artifacts.dir", artifacts.toString());
    properties.putAll(configuration);
    properties.putAll(issuer.properties());
    server = ApplicationContext.run(EmbeddedServer.class, properties, "registry");
    var policy = database.as("assay_policy");
    policyLog =
        PostgresEventLog.on(
                policy, policy, "policy", EventCodec.of(new EventJson(EventCatalogue.assay())))
            .open();
  }

  public ApplicationContext context() {
    return server.getApplicationContext();
  }

  public FakePolicy policy() {
    return context().getBean(FakePolicy.class);
  }

  public EventLog log() {
    return context().getBean(EventLog.class);
  }

  public int port() {
    return server.getPort();
  }

  public HttpRequest.Builder request(String path, String user, String role) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .header("Authorization", "Bearer " + issuer.token(user, role));
  }

  /** The registry's answer to the engineer. */
  public Answer post(String path, String json) {
    return post(path, json, "engineer", "ml-engineer");
  }

  public Answer post(String path, String json, String user, String role) {
    return send(
        request(path, user, role)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build());
  }

  public Answer put(String path, byte[] bytes) {
    return send(
        request(path, "engineer", "ml-engineer")
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofByteArray(bytes))
            .build());
  }

  /** Reads what the view shows once it has passed the position. */
  public Answer get(String path, long position) {
    return send(
        request(path, "auditor", "auditor")
            .header("Assay-Min-Position", Long.toString(position))
            .build());
  }

  public Answer send(HttpRequest request) {
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

  /** Has an operator order that the text of an event be erased; answers the order's position. */
  public long orderErasure(long position) {
    var operator = database.as("assay_operator");
    try (var log =
        PostgresEventLog.on(
                operator,
                operator,
                "operator",
                EventCodec.of(new EventJson(EventCatalogue.assay())))
            .open()) {
      return log.append(
              new Append(
                  List.of(
                      new NewEvent(
                          UUID.randomUUID(),
                          new ErasureOrdered(List.of(position), "asked for"),
                          Set.of(),
                          EventMetadata.of(
                              EventMetadata.DEFAULT_WORKSPACE,
                              new Actor("operator", Actor.Kind.PERSON),
                              "erasure"))),
                  List.of()))
          .join()
          .lastPosition();
    }
  }

  /** A version of a new model, its artifact stored; answers the path of the version. */
  public String readyVersion(String name) {
    post(
        "/api/v1/systems",
        """
        {"name":"%s","purpose":"p","owner":"o","riskTier":"high"}"""
            .formatted(name));
    post(
        "/api/v1/models",
        """
        {"name":"%s","system":"%s","kind":"ml","riskTier":"high"}"""
            .formatted(name, name));
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    post(
        "/api/v1/models/" + name + "/versions",
        """
        {"artifacts":[{"path":"model.bin","digest":"%s","size":%d}]}"""
            .formatted(Sha256.of(bytes), bytes.length));
    var path = "/api/v1/models/" + name + "/versions/1";
    put(path + "/artifacts/model.bin", bytes);
    return path;
  }

  @Override
  public void close() {
    policyLog.close();
    server.close();
    issuer.close();
    database.close();
  }
}
