package io.assay.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The realm of {@code deploy/keycloak} in a running Keycloak, with the secrets of a data folder in
 * the place of its variables, and with the development users. Made once; only where the console is
 * reached is brought up to date, because that moves with the port.
 */
final class KeycloakRealm {

  static final String NAME = "assay";

  /** The client of the master realm that may do everything; its secret is the data folder's. */
  static final String ADMIN = "assay-bootstrap";

  static final String ADMIN_SECRET = "keycloak-admin";
  static final String INTROSPECTION_SECRET = "keycloak-introspection";
  static final String DEVELOPMENT_PASSWORD = "development-password";

  private static final Map<String, String> SECRETS =
      Map.of(
          "ASSAY_INTROSPECTION_SECRET", INTROSPECTION_SECRET,
          "ASSAY_REGISTRY_SECRET", "keycloak-registry",
          "ASSAY_POLICY_SECRET", "keycloak-policy",
          "ASSAY_LINEAGE_SECRET", "keycloak-lineage",
          "ASSAY_PIPELINE_SECRET", "keycloak-pipeline",
          "ASSAY_DEVELOPMENT_PASSWORD", DEVELOPMENT_PASSWORD);

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final DataFolder folder;
  private final String keycloak;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  KeycloakRealm(DataFolder folder, String keycloak) {
    this.folder = folder;
    this.keycloak = keycloak;
  }

  /** The secret of a service's own client; empty where it has none. */
  static Optional<String> secretOf(Service service) {
    return Optional.ofNullable(SECRETS.get("ASSAY_" + service.name() + "_SECRET"));
  }

  /**
   * Brings the realm to where the services can use it. Repeats nothing that is done.
   *
   * @param console the address under which people reach the console
   */
  void prepare(URI console) {
    try {
      var missing = send("GET", "/admin/realms/" + NAME, adminToken(), null).statusCode() == 404;
      if (missing) {
        expect(send("POST", "/admin/realms", adminToken(), realm(console)), 201);
      } else {
        moveConsole(console);
      }
    } catch (IOException e) {
      throw new CannotStart("Keycloak's realm cannot be made: " + e.getMessage(), e);
    } finally {
      http.close();
    }
  }

  private void moveConsole(URI console) throws IOException {
    var token = adminToken();
    var clients = "/admin/realms/" + NAME + "/clients";
    var found = send("GET", clients + "?clientId=assay-console", token, null);
    expect(found, 200);
    if (!(JSON.readTree(found.body()).path(0) instanceof ObjectNode client)) {
      throw new CannotStart("The realm has no client assay-console");
    }
    var wanted = (ObjectNode) client("assay-console", realm(console));
    if (client.path("redirectUris").equals(wanted.path("redirectUris"))) {
      return;
    }
    client.set("rootUrl", wanted.get("rootUrl"));
    client.set("redirectUris", wanted.get("redirectUris"));
    ((ObjectNode) client.path("attributes")).setAll((ObjectNode) wanted.path("attributes"));
    expect(send("PUT", clients + "/" + client.path("id").asText(), token, client), 204);
  }

  private static JsonNode client(String id, JsonNode realm) {
    for (var client : realm.path("clients")) {
      if (client.path("clientId").asText().equals(id)) {
        return client;
      }
    }
    throw new IllegalStateException("The realm's file has no client " + id);
  }

  /** Both files, with what stands for their variables. */
  private ObjectNode realm(URI console) {
    var values = new LinkedHashMap<String, String>();
    SECRETS.forEach((variable, secret) -> values.put(variable, folder.secret(secret)));
    values.put("ASSAY_URL", console.toString());
    var realm = (ObjectNode) read("assay-realm.json", values);
    read("assay-development.json", values)
        .properties()
        .forEach(
            more -> ((ArrayNode) realm.path(more.getKey())).addAll((ArrayNode) more.getValue()));
    return realm;
  }

  private static JsonNode read(String file, Map<String, String> values) {
    try (InputStream stream = KeycloakRealm.class.getResourceAsStream("/keycloak/" + file)) {
      var text =
          new String(Objects.requireNonNull(stream, file).readAllBytes(), StandardCharsets.UTF_8);
      for (var value : values.entrySet()) {
        text = text.replace("${" + value.getKey() + "}", value.getValue());
      }
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A fresh one each time: the rights over a realm are in tokens that are younger than it. */
  private String adminToken() throws IOException {
    var form =
        "grant_type=client_credentials&client_id="
            + ADMIN
            + "&client_secret="
            + URLEncoder.encode(folder.secret(ADMIN_SECRET), StandardCharsets.UTF_8);
    var answer =
        send(
            HttpRequest.newBuilder(
                    URI.create(keycloak + "/realms/master/protocol/openid-connect/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    expect(answer, 200);
    return JSON.readTree(answer.body()).path("access_token").asText();
  }

  private HttpResponse<String> send(
      String method, String path, String token, @org.jspecify.annotations.Nullable JsonNode body)
      throws IOException {
    return send(
        HttpRequest.newBuilder(URI.create(keycloak + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart("Interrupted while the realm was made", e);
    }
  }

  private static void expect(HttpResponse<String> answer, int status) {
    if (answer.statusCode() != status) {
      throw new CannotStart(
          "Keycloak answers %d to %s %s: %s"
              .formatted(
                  answer.statusCode(),
                  answer.request().method(),
                  answer.uri().getPath(),
                  answer.body()));
    }
  }
}
