package io.assay.platform.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The service's own access token, by client credentials (RFC 6749, section 4.4), for reactions that
 * no caller's token stands behind. Kept until shortly before it expires.
 */
@Singleton
@Requires(beans = ServiceTokens.Client.class)
public class ServiceTokens {

  /**
   * How this service asks for tokens.
   *
   * @param clientSecretFile holds the secret, where {@code clientSecret} does not
   */
  @ConfigurationProperties("assay.identity.service")
  @Requires(property = "assay.identity.service.token-url")
  public record Client(
      URI tokenUrl,
      String clientId,
      @Nullable String clientSecret,
      @Nullable Path clientSecretFile) {}

  private record Held(String token, Instant until) {}

  private static final Duration MARGIN = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Client client;
  private final Clock clock;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private @Nullable Held held;

  ServiceTokens(Client client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * A token that is valid for a while yet. Blocks when a new one has to be asked for.
   *
   * @throws ProblemException 503 if the issuer does not grant one
   */
  public synchronized String token() {
    var now = clock.instant();
    if (held == null || !now.isBefore(held.until())) {
      held = ask(now);
    }
    return held.token();
  }

  private Held ask(Instant now) {
    try {
      var form =
          "grant_type=client_credentials&client_id="
              + URLEncoder.encode(client.clientId(), StandardCharsets.UTF_8)
              + "&client_secret="
              + URLEncoder.encode(secret(), StandardCharsets.UTF_8);
      var response =
          http.send(
              HttpRequest.newBuilder(client.tokenUrl())
                  .timeout(TIMEOUT)
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(HttpRequest.BodyPublishers.ofString(form))
                  .build(),
              BodyHandlers.ofString());
      JsonNode answer = JSON.readTree(response.body());
      if (response.statusCode() != 200 || !answer.hasNonNull("access_token")) {
        throw unavailable();
      }
      var life = Duration.ofSeconds(answer.path("expires_in").asLong(60));
      return new Held(answer.get("access_token").asText(), now.plus(life).minus(MARGIN));
    } catch (IOException e) {
      throw unavailable();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable();
    }
  }

  private String secret() throws IOException {
    if (client.clientSecret() != null) {
      return client.clientSecret();
    }
    if (client.clientSecretFile() == null) {
      throw new IOException("No client secret is configured");
    }
    return Files.readString(client.clientSecretFile()).strip();
  }

  private static ProblemException unavailable() {
    return new ProblemException(
        Rejection.unavailable("The issuer does not grant this service a token."));
  }
}
