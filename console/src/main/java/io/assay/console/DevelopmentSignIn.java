package io.assay.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Asks the development issuer for the tokens of its users. Without that issuer, and under the
 * production profile, it knows nobody.
 */
@Singleton
class DevelopmentSignIn {

  private static final List<String> USERS =
      List.of(
          "ml-engineer-1",
          "ml-engineer-2",
          "model-validator-1",
          "model-validator-2",
          "risk-officer-1",
          "risk-officer-2",
          "compliance-officer-1",
          "compliance-officer-2",
          "compliance-officer-3",
          "auditor-1",
          "operator-1",
          "operator-2",
          "admin-1");

  private static final int OK = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String tokenUrl;
  private final String secretFile;
  private final boolean on;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  DevelopmentSignIn(
      @Value("${assay.services.dev-issuer.url:}") String issuer,
      @Value("${assay.identity.service.client-secret-file:}") String secretFile,
      @Value("${assay.profile:development}") String profile) {
    this.tokenUrl = issuer + "/token";
    this.secretFile = secretFile;
    this.on = !issuer.isEmpty() && !secretFile.isEmpty() && !profile.equals("production");
  }

  /** Who can sign in. */
  List<String> users() {
    return on ? USERS : List.of();
  }

  /** A token of a development user; empty for anybody else. */
  Optional<String> token(String user) {
    if (!users().contains(user)) {
      return Optional.empty();
    }
    try {
      var form =
          Map.of(
              "grant_type",
              "password",
              "client_id",
              "assay-console",
              "client_secret",
              Files.readString(Path.of(secretFile)).strip(),
              "username",
              user);
      var response =
          http.send(
              HttpRequest.newBuilder(URI.create(tokenUrl))
                  .timeout(Duration.ofSeconds(10))
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(BodyPublishers.ofString(encoded(form)))
                  .build(),
              BodyHandlers.ofString());
      return response.statusCode() == OK
          ? Optional.of(JSON.readTree(response.body()).path("access_token").asText())
          : Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException("The development issuer does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while asking for a token", e);
    }
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(
            field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }
}
