package io.assay.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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

/** The development issuer, from which development users have their tokens. */
public final class DevelopmentIssuer {

  private final URI issuer;
  private final Path secretFile;

  /**
   * @param secretFile what only the owner of the data folder can read
   */
  public DevelopmentIssuer(URI issuer, Path secretFile) {
    this.issuer = issuer;
    this.secretFile = secretFile;
  }

  /**
   * A fresh access token.
   *
   * @throws Failed where there is no such user
   */
  public String token(String user) {
    try (var http = HttpClient.newHttpClient()) {
      var form =
          "grant_type=password&username="
              + URLEncoder.encode(user, StandardCharsets.UTF_8)
              + "&client_secret="
              + URLEncoder.encode(Files.readString(secretFile).strip(), StandardCharsets.UTF_8);
      var request =
          HttpRequest.newBuilder(URI.create(issuer + "/token"))
              .timeout(Duration.ofSeconds(10))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString(form))
              .build();
      var response = http.send(request, BodyHandlers.ofString());
      JsonNode body = new ObjectMapper().readTree(response.body());
      if (response.statusCode() != 200) {
        throw new Failed("There is no development user " + user + " (" + response.body() + ")");
      }
      return body.path("access_token").asText();
    } catch (IOException e) {
      throw new Failed("The issuer " + issuer + " does not answer: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failed("Interrupted", e);
    }
  }
}
