package io.assay.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.micronaut.context.annotation.Requires;
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
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The conversation with the OpenID issuer: authorization code with PKCE as a public client, and
 * signing out at the issuer, too. Sources: OpenID Connect Core, RFC 7636, RFC 9207, RP-Initiated
 * Logout.
 *
 * <p>Refuses an answer whose ID token is not signed by the issuer, not for this client, or not for
 * this attempt.
 */
@Singleton
@Requires(beans = OpenIdConfiguration.class)
class OpenIdSignIn {

  /** The issuer does not answer, or not as OpenID Connect says. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  private record Issuer(
      String name, URI authorization, URI token, @Nullable URI endSession, URI keys) {}

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int KEY_SET_BYTES = 256 * 1024;

  private final OpenIdConfiguration configuration;
  private final String issuerName;
  private final HttpClient http;
  private volatile @Nullable Issuer known;
  private volatile @Nullable JWKSource<SecurityContext> keys;

  OpenIdSignIn(
      OpenIdConfiguration configuration, @Value("${assay.identity.issuer}") String issuerName) {
    this.configuration = configuration;
    this.issuerName = issuerName;
    this.http = HttpClient.newBuilder().connectTimeout(configuration.timeout()).build();
  }

  /** Where forms may lead besides to ourselves: signing out and proving oneself go there. */
  String origin() {
    var issuer = URI.create(issuerName);
    return issuer.getScheme() + "://" + issuer.getRawAuthority();
  }

  /** Whether an answer is from this issuer and no other (RFC 9207). */
  boolean isCalled(String name) {
    return issuerName.equals(name);
  }

  /** The address to send the browser to. */
  URI authorization(Attempt attempt, @Nullable String acrValues, @Nullable String maxAge) {
    var query = new LinkedHashMap<String, String>();
    query.put("response_type", "code");
    query.put("client_id", configuration.clientId());
    query.put("redirect_uri", configuration.redirectUri().toString());
    query.put("scope", configuration.scope());
    query.put("state", attempt.state());
    query.put("nonce", attempt.nonce());
    query.put("code_challenge", attempt.challenge());
    query.put("code_challenge_method", "S256");
    if (acrValues != null) {
      query.put("acr_values", acrValues);
    }
    if (maxAge != null) {
      query.put("max_age", maxAge);
    }
    return with(issuer().authorization(), query);
  }

  /** Exchanges the code, and checks who the ID token says has signed in. */
  Tokens exchange(Attempt attempt, String code) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "authorization_code");
    form.put("client_id", configuration.clientId());
    form.put("redirect_uri", configuration.redirectUri().toString());
    form.put("code", code);
    form.put("code_verifier", attempt.verifier());
    var answer = ask(form).orElseThrow(() -> new Failed("The issuer does not take the code", null));
    var identity = answer.path("id_token").asText();
    checkIdentity(identity, attempt.nonce());
    return tokens(answer);
  }

  /** Other tokens for a refresh token; empty where the issuer no longer takes it. */
  Optional<Tokens> refresh(String refreshToken) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "refresh_token");
    form.put("client_id", configuration.clientId());
    form.put("refresh_token", refreshToken);
    return ask(form).map(OpenIdSignIn::tokens);
  }

  /** Where the issuer signs the person out; empty where it offers that nowhere. */
  Optional<URI> endSession(@Nullable String identity) {
    var query = new LinkedHashMap<String, String>();
    query.put("client_id", configuration.clientId());
    query.put("post_logout_redirect_uri", configuration.afterSignOut().toString());
    if (identity != null) {
      query.put("id_token_hint", identity);
    }
    return Optional.ofNullable(issuer().endSession()).map(address -> with(address, query));
  }

  private void checkIdentity(String token, String nonce) {
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys()));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            configuration.clientId(),
            new JWTClaimsSet.Builder().issuer(issuerName).claim("nonce", nonce).build(),
            Set.of("sub", "exp", "iat")));
    try {
      var claims = processor.process(token, null);
      var party = claims.getClaim("azp");
      if (party != null && !configuration.clientId().equals(party)) {
        throw new Failed("The ID token is for another client", null);
      }
    } catch (ParseException | BadJOSEException e) {
      throw new Failed("The ID token is not genuine", e);
    } catch (JOSEException e) {
      throw new Failed("The issuer's keys cannot be read", e);
    }
  }

  private static Tokens tokens(JsonNode answer) {
    var access = answer.path("access_token").asText();
    if (access.isEmpty()) {
      throw new Failed("The issuer gives no access token", null);
    }
    return new Tokens(
        access,
        answer.hasNonNull("refresh_token") ? answer.get("refresh_token").asText() : null,
        answer.hasNonNull("id_token") ? answer.get("id_token").asText() : null);
  }

  /** Empty where the issuer refuses the grant. */
  private Optional<JsonNode> ask(Map<String, String> form) {
    var answer =
        send(
            HttpRequest.newBuilder(issuer().token())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(encoded(form))));
    if (answer.status() == 400 || answer.status() == 401) {
      return Optional.empty();
    }
    if (answer.status() != 200) {
      throw new Failed("The issuer answers " + answer.status(), null);
    }
    return Optional.of(answer.body());
  }

  private Issuer issuer() {
    var issuer = known;
    if (issuer == null) {
      issuer = discover();
      known = issuer;
    }
    return issuer;
  }

  private JWKSource<SecurityContext> keys() {
    var source = keys;
    if (source == null) {
      try {
        int millis = (int) configuration.timeout().toMillis();
        source =
            JWKSourceBuilder.<SecurityContext>create(
                    issuer().keys().toURL(),
                    new DefaultResourceRetriever(millis, millis, KEY_SET_BYTES))
                .retrying(true)
                .build();
        keys = source;
      } catch (IOException e) {
        throw new Failed("The issuer's keys have no address", e);
      }
    }
    return source;
  }

  private Issuer discover() {
    var given = configuration.discoveryUrl();
    var address =
        given == null ? URI.create(issuerName + "/.well-known/openid-configuration") : given;
    var answer = send(HttpRequest.newBuilder(address).header("Accept", "application/json"));
    var metadata = answer.body();
    if (answer.status() != 200 || !metadata.path("issuer").asText().equals(issuerName)) {
      throw new Failed("What stands at " + address + " is not the metadata of the issuer", null);
    }
    return new Issuer(
        issuerName,
        URI.create(metadata.path("authorization_endpoint").asText()),
        URI.create(metadata.path("token_endpoint").asText()),
        metadata.hasNonNull("end_session_endpoint")
            ? URI.create(metadata.get("end_session_endpoint").asText())
            : null,
        URI.create(metadata.path("jwks_uri").asText()));
  }

  private record Answer(int status, JsonNode body) {}

  private Answer send(HttpRequest.Builder request) {
    try {
      var response =
          http.send(request.timeout(configuration.timeout()).build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), JSON.readTree(response.body()));
    } catch (IOException e) {
      throw new Failed("The issuer does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failed("Interrupted while the issuer was asked", e);
    }
  }

  private static URI with(URI address, Map<String, String> query) {
    return URI.create(address + (address.getQuery() == null ? "?" : "&") + encoded(query));
  }

  private static String encoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(
            field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }
}
