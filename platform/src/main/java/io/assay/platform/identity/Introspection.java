package io.assay.platform.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the issuer whether it still stands by a token (RFC 7662), every time: the answer is not
 * kept, so that who was disabled decides nothing from that moment.
 *
 * <p>Refuses a token that the issuer does not call active with 401, and everything with 503 while
 * the issuer gives no answer that says so.
 */
@Singleton
@Requires(beans = Introspection.Configuration.class)
class Introspection {

  /**
   * Where and as whom the issuer is asked.
   *
   * @param clientSecretFile holds the secret, where {@code clientSecret} does not
   * @param timeout for one question
   */
  @ConfigurationProperties("assay.identity.introspection")
  @Requires(property = "assay.identity.introspection.url")
  record Configuration(
      URI url,
      @Bindable(defaultValue = "assay") String clientId,
      @Nullable String clientSecret,
      @Nullable Path clientSecretFile,
      @Bindable(defaultValue = "5s") Duration timeout) {}

  private static final Logger LOG = LoggerFactory.getLogger(Introspection.class);
  private static final long RETRY_AFTER_SECONDS = 5;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Configuration configuration;
  private final HttpClient http;

  Introspection(Configuration configuration) {
    this.configuration = configuration;
    this.http = HttpClient.newBuilder().connectTimeout(configuration.timeout()).build();
  }

  /**
   * Returns where the issuer calls the token active, and of this subject.
   *
   * @throws ProblemException 401 where it does not, 503 where it does not answer
   */
  void check(String token, String subject) {
    var answer = ask(token);
    if (!answer.path("active").isBoolean()) {
      LOG.warn("The issuer's introspection answers something else than RFC 7662 says");
      throw unavailable();
    }
    if (!answer.path("active").asBoolean()
        || answer.hasNonNull("sub") && !answer.path("sub").asText().equals(subject)) {
      throw new ProblemException(
          Rejection.unauthenticated("The issuer no longer stands by this token: sign in again."));
    }
  }

  private JsonNode ask(String token) {
    try {
      var response = send(token);
      if (response.statusCode() != 200) {
        LOG.warn("The issuer's introspection answers {}", response.statusCode());
        throw unavailable();
      }
      return JSON.readTree(response.body());
    } catch (IOException e) {
      LOG.warn("The issuer cannot be asked about a token: {}", e.toString());
      throw unavailable();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable();
    }
  }

  /** Once more where a kept connection turns out to be closed: a question changes nothing. */
  private HttpResponse<String> send(String token) throws IOException, InterruptedException {
    var request = request(token);
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (ConnectException | HttpTimeoutException e) {
      throw e;
    } catch (IOException e) {
      return http.send(request, BodyHandlers.ofString());
    }
  }

  private HttpRequest request(String token) throws IOException {
    var credentials = encoded(configuration.clientId()) + ':' + encoded(secret());
    return HttpRequest.newBuilder(configuration.url())
        .timeout(configuration.timeout())
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Accept", "application/json")
        .header(
            "Authorization",
            "Basic "
                + Base64.getEncoder()
                    .encodeToString(credentials.getBytes(StandardCharsets.US_ASCII)))
        .POST(BodyPublishers.ofString("token_type_hint=access_token&token=" + encoded(token)))
        .build();
  }

  private String secret() throws IOException {
    if (configuration.clientSecret() != null) {
      return configuration.clientSecret();
    }
    if (configuration.clientSecretFile() == null) {
      throw new IOException("assay.identity.introspection has no client secret");
    }
    return Files.readString(configuration.clientSecretFile()).strip();
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static ProblemException unavailable() {
    return new ProblemException(
        Rejection.unavailable(
                "Whether this token still holds cannot be found out, because the issuer does not"
                    + " answer. Nothing was done.")
            .retryAfter(RETRY_AFTER_SECONDS));
  }
}
