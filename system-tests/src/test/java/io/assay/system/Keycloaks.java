package io.assay.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assay.cli.KeycloakUsers;
import io.assay.launcher.Installation;
import io.assay.launcher.Keycloak;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The installation with a real Keycloak that tests share. */
final class Keycloaks {

  private static final class Shared {
    static final Path DATA = Assays.temporaryFolder();
    static final Installation INSTALLATION = started();

    private static Installation started() {
      var installation = Installation.startWithKeycloak(DATA, 0, distribution());
      Runtime.getRuntime().addShutdownHook(new Thread(installation::close, "stop"));
      return installation;
    }

    /** Where the build puts it before the tests. */
    private static Path distribution() {
      try (var files =
          Files.list(Path.of(System.getProperty("basedir", ""), "target", "keycloak"))) {
        return files
            .filter(file -> file.getFileName().toString().endsWith(".tar.gz"))
            .findFirst()
            .orElseThrow();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ConcurrentHashMap<String, String> TOKENS = new ConcurrentHashMap<>();

  private Keycloaks() {}

  static Installation installation() {
    return Shared.INSTALLATION;
  }

  static Keycloak server() {
    return installation().keycloak().orElseThrow();
  }

  static String realm() {
    return installation().issuer().toString();
  }

  static String secret(String name) {
    try {
      return Files.readString(Shared.DATA.resolve("secrets").resolve(name)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String password() {
    return secret("development-password");
  }

  /** A token of a development user who has just proved himself. */
  static String fresh(String user) {
    return new KeycloakUsers(
            installation().issuer(),
            installation().url(),
            Shared.DATA.resolve("secrets").resolve("development-password"))
        .token(user);
  }

  /** The same, kept: the tests are over before it expires. */
  static String token(String user) {
    return TOKENS.computeIfAbsent(user, Keycloaks::fresh);
  }

  /** A token by client credentials. */
  static String ofClient(String realm, String client, String secret) {
    var answer =
        form(
            URI.create(realm + "/protocol/openid-connect/token"),
            Map.of(
                "grant_type", "client_credentials", "client_id", client, "client_secret", secret));
    return json(answer.body()).path("access_token").asText();
  }

  static HttpResponse<String> form(URI address, Map<String, String> fields) {
    return Http.send(
        HttpRequest.newBuilder(address)
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(encoded(fields)))
            .build());
  }

  static String encoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(
            field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  /** A request to Keycloak's own interface below the realm; answers what it answered. */
  static JsonNode admin(String method, String path, @Nullable JsonNode body) {
    var origin = realm().replace("/realms/assay", "");
    var answer =
        Http.sendTo(
            URI.create(origin + "/admin/realms/assay"),
            "Bearer " + masterToken(),
            method,
            path,
            body == null ? null : body.toString());
    if (answer.statusCode() >= 300) {
      throw new IllegalStateException(
          method + " " + path + ": " + answer.statusCode() + " " + answer.body());
    }
    return json(answer.body());
  }

  /** A genuine token of the same server's other realm. */
  static String masterToken() {
    return ofClient(
        realm().replace("/realms/assay", "/realms/master"),
        "assay-bootstrap",
        secret("keycloak-admin"));
  }

  static ObjectNode user(String name) {
    return (ObjectNode) admin("GET", "/users?exact=true&username=" + name, null).path(0);
  }

  static void enable(String name, boolean enabled) {
    var user = user(name);
    user.put("enabled", enabled);
    admin("PUT", "/users/" + user.path("id").asText(), user);
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
