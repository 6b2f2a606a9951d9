package io.assay.platform.identity.dev;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The endpoints of the development issuer: discovery, keys, tokens, rotation. */
@Controller
@Secured(SecurityRule.IS_ANONYMOUS)
class IssuerController {

  /** The client that people's tokens are asked for with, unless the request names one. */
  private static final String CLIENT = "assay-dev";

  /** The level of authentication of a token, unless the request asks for another. */
  private static final String LEVEL = "1";

  private final DevelopmentIssuer issuer;

  IssuerController(DevelopmentIssuer issuer) {
    this.issuer = issuer;
  }

  @Get("/.well-known/openid-configuration")
  Map<String, Object> discovery(HttpRequest<?> request) {
    var base =
        "http://"
            + request.getServerAddress().getHostString()
            + ':'
            + request.getServerAddress().getPort();
    var document = new LinkedHashMap<String, Object>();
    document.put("issuer", issuer.issuer());
    document.put("jwks_uri", base + "/jwks");
    document.put("token_endpoint", base + "/token");
    document.put("introspection_endpoint", base + "/introspect");
    document.put("grant_types_supported", List.of("password", "client_credentials"));
    document.put("token_endpoint_auth_methods_supported", List.of("client_secret_post"));
    document.put("id_token_signing_alg_values_supported", List.of("RS256"));
    document.put("response_types_supported", List.of("token"));
    document.put("subject_types_supported", List.of("public"));
    return document;
  }

  @Get("/jwks")
  Map<String, Object> jwks() {
    return issuer.keys().published().toJSONObject(true);
  }

  /** RFC 6749, sections 4.3 (with the client's secret instead of a password) and 4.4. */
  @Post("/token")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  HttpResponse<Map<String, Object>> token(@Body Map<String, String> form) {
    if (!issuer.knowsSecret(form.getOrDefault("client_secret", ""))) {
      return error(HttpStatus.UNAUTHORIZED, "invalid_client");
    }
    var client = form.getOrDefault("client_id", CLIENT);
    return switch (form.getOrDefault("grant_type", "")) {
      case "password" -> {
        var user = form.getOrDefault("username", "");
        yield DevelopmentUsers.roleOf(user)
            .filter(role -> !issuer.isDisabled(user))
            .map(
                role ->
                    granted(
                        issuer.token(user, role, client, form.getOrDefault("acr_values", LEVEL))))
            .orElseGet(() -> error(HttpStatus.BAD_REQUEST, "invalid_grant"));
      }
      case "client_credentials" ->
          DevelopmentUsers.roleOfClient(client)
              .map(role -> granted(issuer.token(client, role, client, LEVEL)))
              .orElseGet(() -> error(HttpStatus.UNAUTHORIZED, "invalid_client"));
      default -> error(HttpStatus.BAD_REQUEST, "unsupported_grant_type");
    };
  }

  /** Signs with a new key from now on; the one before stays published until the next rotation. */
  @Post("/keys/rotation")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.APPLICATION_JSON)
  HttpResponse<Map<String, Object>> rotate(@Body Map<String, String> form) {
    if (!issuer.knowsSecret(form.getOrDefault("client_secret", ""))) {
      return error(HttpStatus.UNAUTHORIZED, "invalid_client");
    }
    issuer.keys().rotate();
    return HttpResponse.ok(Map.of("kid", issuer.keys().current().getKeyID()));
  }

  /** RFC 7662, for who knows the issuer's secret. */
  @Post("/introspect")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.APPLICATION_JSON)
  HttpResponse<Map<String, Object>> introspect(
      HttpRequest<?> request, @Body Map<String, String> form) {
    return issuer.knowsSecret(basicSecret(request))
        ? HttpResponse.ok(issuer.introspect(form.getOrDefault("token", "")))
        : error(HttpStatus.UNAUTHORIZED, "invalid_client");
  }

  /** Disables a user, or with {@code enabled=true} enables him again. */
  @Post("/users/disabled")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.APPLICATION_JSON)
  HttpResponse<Map<String, Object>> disable(@Body Map<String, String> form) {
    if (!issuer.knowsSecret(form.getOrDefault("client_secret", ""))) {
      return error(HttpStatus.UNAUTHORIZED, "invalid_client");
    }
    var user = form.getOrDefault("username", "");
    issuer.disable(user, !form.getOrDefault("enabled", "").equals("true"));
    return HttpResponse.ok(Map.of("username", user, "enabled", !issuer.isDisabled(user)));
  }

  private static String basicSecret(HttpRequest<?> request) {
    return request
        .getHeaders()
        .getAuthorization()
        .filter(value -> value.startsWith("Basic "))
        .flatMap(IssuerController::decoded)
        .map(credentials -> credentials.substring(credentials.indexOf(':') + 1))
        .orElse("");
  }

  private static Optional<String> decoded(String header) {
    try {
      return Optional.of(
          new String(
              Base64.getDecoder().decode(header.substring("Basic ".length()).strip()),
              StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static HttpResponse<Map<String, Object>> granted(String token) {
    return HttpResponse.ok(
        Map.of(
            "access_token",
            token,
            "token_type",
            "Bearer",
            "expires_in",
            DevelopmentIssuer.LIFE.toSeconds()));
  }

  private static HttpResponse<Map<String, Object>> error(HttpStatus status, String code) {
    return HttpResponse.<Map<String, Object>>status(status).body(Map.of("error", code));
  }
}
