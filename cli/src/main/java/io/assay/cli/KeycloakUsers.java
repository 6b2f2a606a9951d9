package io.assay.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The development users of a Keycloak, whose password is in the data folder. They sign in as people
 * do, by Keycloak's own form, at the level of authentication that approvals take: no client of the
 * realm may exchange a password for a token.
 */
public final class KeycloakUsers {

  private static final Pattern FORM = Pattern.compile("<form[^>]*\\saction=\"([^\"]+)\"");
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String CLIENT = "assay-console";
  private static final int FORMS = 3;

  private final String realm;
  private final URI callback;
  private final Path passwordFile;

  /**
   * @param realm the issuer's address
   * @param console the address that the issuer leads back to
   */
  public KeycloakUsers(URI realm, URI console, Path passwordFile) {
    this.realm = realm + "/protocol/openid-connect";
    this.callback = console.resolve("/console/sign-in/callback");
    this.passwordFile = passwordFile;
  }

  /**
   * A fresh access token.
   *
   * @throws Failed where there is no such user
   */
  public String token(String user) {
    try (var http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
      var verifier = random();
      var browser = new Browser(http);
      var answer = browser.get(URI.create(realm + "/auth?" + encoded(question(verifier))));
      for (int forms = 0; ; ) {
        var to = answer.headers().firstValue("Location").map(URI::create).orElse(null);
        if (to != null && to.toString().startsWith(callback.toString())) {
          return exchange(http, parameter(to, "code"), verifier);
        }
        if (to != null) {
          answer = browser.get(to);
          continue;
        }
        var form = FORM.matcher(answer.body());
        if (!form.find() || forms++ == FORMS) {
          throw new Failed(
              "There is no development user " + user + ", or Keycloak does not let it in");
        }
        answer =
            browser.post(
                URI.create(form.group(1).replace("&amp;", "&")),
                Map.of("username", user, "password", Files.readString(passwordFile).strip()));
      }
    } catch (IOException e) {
      throw new Failed("Keycloak does not answer at " + realm + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failed("Interrupted", e);
    }
  }

  private Map<String, String> question(String verifier) {
    var query = new LinkedHashMap<String, String>();
    query.put("response_type", "code");
    query.put("client_id", CLIENT);
    query.put("redirect_uri", callback.toString());
    query.put("scope", "openid");
    query.put("state", random());
    query.put("code_challenge", challenge(verifier));
    query.put("code_challenge_method", "S256");
    query.put("acr_values", "2");
    return query;
  }

  private String exchange(HttpClient http, String code, String verifier)
      throws IOException, InterruptedException {
    var answer =
        new Browser(http)
            .post(
                URI.create(realm + "/token"),
                Map.of(
                    "grant_type", "authorization_code",
                    "client_id", CLIENT,
                    "redirect_uri", callback.toString(),
                    "code", code,
                    "code_verifier", verifier));
    var token = new ObjectMapper().readTree(answer.body()).path("access_token").asText();
    if (token.isEmpty()) {
      throw new Failed("Keycloak gives no token: " + answer.body());
    }
    return token;
  }

  private static String parameter(URI address, String name) {
    for (var pair : address.getRawQuery().split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
      }
    }
    throw new Failed("Keycloak does not sign in: " + address.getRawQuery());
  }

  private static String encoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(
            field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private static String random() {
    var bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Keeps cookies, those too that are marked secure: it talks to the loopback interface only. */
  private static final class Browser {

    private final HttpClient http;
    private final Map<String, String> cookies = new LinkedHashMap<>();

    Browser(HttpClient http) {
      this.http = http;
    }

    HttpResponse<String> get(URI address) throws IOException, InterruptedException {
      return send(HttpRequest.newBuilder(address));
    }

    HttpResponse<String> post(URI address, Map<String, String> form)
        throws IOException, InterruptedException {
      return send(
          HttpRequest.newBuilder(address)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString(encoded(form))));
    }

    private HttpResponse<String> send(HttpRequest.Builder request)
        throws IOException, InterruptedException {
      if (!cookies.isEmpty()) {
        request.header(
            "Cookie",
            cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; ")));
      }
      var answer = http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
      for (var header : answer.headers().allValues("Set-Cookie")) {
        var pair = header.split(";", 2)[0].split("=", 2);
        cookies.put(pair[0], pair[1]);
      }
      return answer;
    }
  }
}
