package io.assay.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Signing in at an issuer that answers what each test says. */
class OpenIdSignInTest {

  private static final String PAGE = "/console/audit?type=RunStarted";

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final Map<String, Map<String, String>> received = new ConcurrentHashMap<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private String large = "";
  private RSAKey key;
  private HttpServer issuer;
  private EmbeddedServer console;
  private String url;

  @BeforeEach
  void start() throws Exception {
    key = new RSAKeyGenerator(2048).keyID("k").generate();
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.createContext(
        "/",
        exchange -> {
          var path = exchange.getRequestURI().getPath();
          received.put(
              path,
              fields(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
          var answer = answers.getOrDefault(path, "");
          var bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(
              path.startsWith("/api/") ? 401 : answer.isEmpty() ? 400 : 200,
              Math.max(2, bytes.length));
          exchange.getResponseBody().write(answer.isEmpty() ? "{}".getBytes() : bytes);
          exchange.close();
        });
    issuer.start();
    answers.put("/jwks", new JWKSet(key).toPublicJWKSet().toString());
    answers.put(
        "/.well-known/openid-configuration",
        """
        {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token",
         "jwks_uri":"%1$s/jwks","end_session_endpoint":"%1$s/logout"}"""
            .formatted(name()));
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    url = "http://127.0.0.1:" + port;
    console =
        ApplicationContext.builder()
            .environments("console")
            .deduceEnvironment(false)
            .properties(
                Map.of(
                    "assay.service",
                    "console",
                    "micronaut.server.port",
                    port,
                    "micronaut.server.host",
                    "127.0.0.1",
                    "assay.services.gateway.url",
                    name(),
                    "assay.identity.issuer",
                    name(),
                    "assay.identity.console.client-id",
                    "assay-console",
                    "assay.identity.console.url",
                    url))
            .start()
            .getBean(EmbeddedServer.class)
            .start();
  }

  @AfterEach
  void stop() {
    console.close();
    console.getApplicationContext().close();
    issuer.stop(0);
  }

  @Test
  void whoIsNotSignedInIsSentToTheIssuerWithAChallengeAndComesBackToThePage() throws Exception {
    var led = get(PAGE, "");
    assertThat(led.statusCode()).isEqualTo(303);
    var begun = get(location(led), "");
    var question = fields(URI.create(location(begun)).getRawQuery());
    var attempt = cookie(begun, "assay_sign_in").split("\\.", -1);

    assertThat(location(begun)).startsWith(name() + "/authorize?");
    assertThat(question)
        .containsEntry("response_type", "code")
        .containsEntry("client_id", "assay-console")
        .containsEntry("redirect_uri", url + "/console/sign-in/callback")
        .containsEntry("code_challenge_method", "S256")
        .containsEntry("state", attempt[0])
        .containsEntry("nonce", attempt[1])
        .containsEntry("code_challenge", challenge(attempt[2]));
    assertThat(question).doesNotContainKeys("acr_values", "max_age");
    assertThat(begun.headers().firstValue("Set-Cookie").orElse(""))
        .contains("HTTPOnly", "SameSite=Lax");

    var answered = answered(begun, claims -> claims);
    assertThat(answered.statusCode()).isEqualTo(200);
    assertThat(answered.body()).contains("0;url=" + PAGE);
    assertThat(received.get("/token"))
        .containsEntry("code", "the-code")
        .containsEntry("code_verifier", attempt[2])
        .containsEntry("grant_type", "authorization_code");
    assertThat(answered.headers().allValues("Set-Cookie"))
        .filteredOn(cookie -> !cookie.startsWith("assay_sign_in"))
        .hasSize(3)
        .allSatisfy(cookie -> assertThat(cookie).contains("HTTPOnly", "SameSite=Strict"));
  }

  @Test
  void anIdTokenThatIsNotGenuineForThisAttemptSignsNobodyIn() throws Exception {
    var faults = new LinkedHashMap<String, UnaryOperator<JWTClaimsSet.Builder>>();
    faults.put("nonce", claims -> claims.claim("nonce", "another"));
    faults.put("no nonce", claims -> claims.claim("nonce", null));
    faults.put("audience", claims -> claims.audience("another"));
    faults.put("issuer", claims -> claims.issuer("https://issuer.example"));
    faults.put("party", claims -> claims.claim("azp", "another"));
    faults.put("expired", claims -> claims.expirationTime(Date.from(Instant.EPOCH)));
    for (var fault : faults.entrySet()) {
      var answered = answered(get("/console/sign-in/start", ""), fault.getValue());
      assertThat(answered.headers().allValues("Set-Cookie")).as(fault.getKey()).isEmpty();
      assertThat(answered.body()).as(fault.getKey()).contains("ID token");
    }
    key = new RSAKeyGenerator(2048).keyID("k").generate(); // not the one that is published
    assertThat(
            answered(get("/console/sign-in/start", ""), claims -> claims)
                .headers()
                .allValues("Set-Cookie"))
        .isEmpty();
  }

  @Test
  void anAnswerToAnotherBrowserOrOfAnotherIssuerIsNotTaken() throws Exception {
    var begun = get("/console/sign-in/start", "");
    var cookie = "assay_sign_in=" + cookie(begun, "assay_sign_in");
    var state = cookie(begun, "assay_sign_in").split("\\.", -1)[0];
    var callback = "/console/sign-in/callback?code=the-code&state=";
    for (var answer :
        new HttpResponse<?>[] {
          get(callback + state, ""),
          get(callback + "guessed", cookie),
          get("/console/sign-in/callback?code=the-code", cookie),
          get(callback + state + "&iss=https://issuer.example", cookie)
        }) {
      assertThat(String.valueOf(answer.body())).contains("not begun here");
    }
    assertThat(get("/console/sign-in/callback?error=access_denied&state=" + state, cookie).body())
        .contains("access_denied");
    assertThat(received).doesNotContainKey("/token");
  }

  @Test
  void aTokenThatNoBrowserKeepsIsSaidAndNotTriedForEver() throws Exception {
    var begun = get("/console/sign-in/start", "");
    large = "x".repeat(4_000);
    var answered = answered(begun, claims -> claims);
    assertThat(answered.body()).contains("larger than a browser keeps");
    assertThat(answered.headers().allValues("Set-Cookie")).isEmpty();
  }

  @Test
  void signingInLeadsToAPageOfOursOnly() throws Exception {
    for (var to : new String[] {"//evil.example", "https://evil.example", "/%5Cevil.example"}) {
      var answered = answered(get("/console/sign-in/start?to=" + to, ""), claims -> claims);
      assertThat(answered.body()).as(to).contains("0;url=/\"");
    }
  }

  @Test
  void theLevelThatIsAskedForReachesTheIssuer() throws Exception {
    var begun = get("/console/sign-in/start?acr=2&age=300", "");
    assertThat(fields(URI.create(location(begun)).getRawQuery()))
        .containsEntry("acr_values", "2")
        .containsEntry("max_age", "300");
  }

  @Test
  void aTokenThatIsAboutToRunOutIsReplacedAndThePagesFormsStayGood() throws Exception {
    var old = token(claims -> claims.expirationTime(Date.from(Instant.now().plusSeconds(5))));
    var fresh = token(claims -> claims);
    answers.put("/token", "{\"access_token\":\"%s\",\"refresh_token\":\"r2\"}".formatted(fresh));
    var signedOut =
        http.send(
            HttpRequest.newBuilder(URI.create(url + "/console/sign-out"))
                .header("Cookie", "assay_session=" + old + "; assay_refresh=r1; assay_identity=id")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", url)
                .POST(BodyPublishers.ofString("form=" + Session.of(old).orElseThrow().formToken()))
                .build(),
            BodyHandlers.ofString());
    assertThat(received.get("/token"))
        .containsEntry("grant_type", "refresh_token")
        .containsEntry("refresh_token", "r1");
    assertThat(signedOut.statusCode()).isEqualTo(303);
    assertThat(location(signedOut)).startsWith(name() + "/logout?").contains("id_token_hint=id");
    assertThat(signedOut.headers().allValues("Set-Cookie"))
        .hasSize(3)
        .allSatisfy(cookie -> assertThat(cookie).contains("Max-Age=0"));

    var page = get("/", "assay_session=" + old + "; assay_refresh=r1");
    assertThat(page.headers().allValues("Set-Cookie"))
        .anySatisfy(cookie -> assertThat(cookie).startsWith("assay_session=" + fresh))
        .anySatisfy(cookie -> assertThat(cookie).startsWith("assay_refresh=r2"));
  }

  @Test
  void aTokenThatIsRefusedAsSoonAsItWasHadIsNotAskedForAgain() throws Exception {
    var page = get("/console/audit", "assay_session=" + token(claims -> claims));
    assertThat(page.statusCode()).isEqualTo(401);

    var older = token(claims -> claims.issueTime(Date.from(Instant.now().minusSeconds(60))));
    var led = get("/console/audit", "assay_session=" + older);
    assertThat(led.statusCode()).isEqualTo(303);
    assertThat(location(led)).startsWith("/console/sign-in/start");
  }

  @Test
  void theLoopbackInterfaceHasOneSpelling() throws Exception {
    var other = URI.create(url.replace("127.0.0.1", "localhost") + "/console/sign-in/start?to=/x");
    var led = http.send(HttpRequest.newBuilder(other).build(), BodyHandlers.ofString());
    assertThat(location(led)).isEqualTo(url + "/console/sign-in/start?to=/x");
  }

  @Test
  void nobodySignsInWithoutTheIssuer() throws Exception {
    var answer =
        http.send(
            HttpRequest.newBuilder(URI.create(url + "/console/sign-in"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("user=ml-engineer-1"))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
  }

  @Test
  void aTokenThatLivesIsLeftAlone() throws Exception {
    get("/", "assay_session=" + token(claims -> claims) + "; assay_refresh=r1");
    assertThat(received).doesNotContainKey("/token");
  }

  private HttpResponse<String> answered(
      HttpResponse<String> begun, UnaryOperator<JWTClaimsSet.Builder> fault) throws Exception {
    var attempt = cookie(begun, "assay_sign_in");
    var parts = attempt.split("\\.", -1);
    var identity = token(claims -> fault.apply(claims.claim("nonce", parts[1])));
    answers.put(
        "/token",
        "{\"access_token\":\"%s\",\"refresh_token\":\"r\",\"id_token\":\"%s\"}"
            .formatted(token(claims -> claims), identity));
    return get(
        "/console/sign-in/callback?code=the-code&state=" + parts[0], "assay_sign_in=" + attempt);
  }

  private String token(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
    var now = Instant.now();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(name())
            .subject("ada")
            .audience("assay-console")
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(300)))
            .claim("sid", "one-session")
            .claim("jti", java.util.UUID.randomUUID().toString())
            .claim("groups", large)
            .claim("preferred_username", "ada");
    var token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k").build(),
            change.apply(claims).build());
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }

  private String name() {
    return "http://127.0.0.1:" + issuer.getAddress().getPort();
  }

  private HttpResponse<String> get(String path, String cookies)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(url + path));
    if (!cookies.isEmpty()) {
      request.header("Cookie", cookies);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static String location(HttpResponse<String> answer) {
    return answer.headers().firstValue("Location").orElseThrow();
  }

  private static String cookie(HttpResponse<String> answer, String name) {
    return answer.headers().allValues("Set-Cookie").stream()
        .filter(cookie -> cookie.startsWith(name + "="))
        .map(cookie -> cookie.substring(name.length() + 1).split(";", 2)[0])
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> fields(String encoded) {
    var fields = new HashMap<String, String>();
    for (var pair : encoded.split("&", -1)) {
      int at = pair.indexOf('=');
      if (at > 0) {
        fields.put(
            pair.substring(0, at),
            URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
      }
    }
    return fields;
  }

  private static String challenge(String verifier) throws Exception {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(
            MessageDigest.getInstance("SHA-256")
                .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
  }
}
