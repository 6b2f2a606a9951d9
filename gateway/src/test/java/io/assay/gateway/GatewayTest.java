package io.assay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.ApiKeyId;
import io.assay.platform.identity.apikey.ApiKey;
import io.assay.platform.testing.TestIssuer;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayTest {

  private static final String MODELS = "/api/v1/models";
  private static final String ARTIFACT = MODELS + "/m/versions/1/artifacts/weights/w.bin";

  private static final TestIssuer ISSUER = new TestIssuer();
  private static final FakeService SERVICE = new FakeService();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static EmbeddedServer gateway;

  @BeforeAll
  static void start() {
    gateway = gateway(Map.of());
  }

  @AfterAll
  static void stop() {
    gateway.close();
    SERVICE.close();
    ISSUER.close();
  }

  @BeforeEach
  void forget() {
    SERVICE.arrived.clear();
  }

  @Test
  void a_request_is_forwarded_with_its_token_and_answered_as_the_service_answers()
      throws Exception {
    var answer = send(with("ada").GET());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"ok\":true}");
    assertThat(answer.headers().firstValue("Assay-Position")).hasValue("41");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("Server")).isEmpty();
    assertThat(arrived().header("Authorization")).startsWith("Bearer ey");
  }

  @Test
  void the_target_arrives_as_it_was_sent() throws Exception {
    var target = MODELS + "/gr%C3%B6%C3%9Fe%20%28v2%29/versions?cursor=a%2Fb&limit=5";
    send(request(target, "ada").GET());
    assertThat(arrived().target()).isEqualTo(target);
  }

  @Test
  void headers_that_speak_for_somebody_else_do_not_arrive() throws Exception {
    send(
        with("ada")
            .headers(
                "X-Forwarded-For", "10.0.0.1",
                "X-Forwarded-User", "admin-1",
                "Forwarded", "for=10.0.0.1",
                "X-Real-IP", "10.0.0.1",
                "X-Assay-Actor", "admin-1",
                "Assay-Actor", "admin-1",
                "Assay-Roles", "admin",
                "X-HTTP-Method-Override", "DELETE",
                "X-Original-URL", "/api/v1/policies",
                "Proxy-Authorization", "Basic x",
                "TE", "trailers",
                "Cookie", "session=1",
                "Assay-Workspace", "blue",
                "Assay-Min-Position", "7",
                "Idempotency-Key", "k")
            .GET());

    var arrived = arrived();
    for (var spoofed :
        new String[] {
          "X-Forwarded-For",
          "X-Forwarded-User",
          "Forwarded",
          "X-Real-IP",
          "X-Assay-Actor",
          "Assay-Actor",
          "Assay-Roles",
          "X-HTTP-Method-Override",
          "X-Original-URL",
          "Proxy-Authorization",
          "TE",
          "Cookie"
        }) {
      assertThat(arrived.has(spoofed)).as(spoofed).isFalse();
    }
    assertThat(arrived.header("Assay-Workspace")).isEqualTo("blue");
    assertThat(arrived.header("Assay-Min-Position")).isEqualTo("7");
    assertThat(arrived.header("Idempotency-Key")).isEqualTo("k");
  }

  @Test
  void a_header_that_connection_names_does_not_arrive() throws IOException, InterruptedException {
    try (var socket = new Socket("127.0.0.1", gateway.getPort())) {
      var request =
          "GET "
              + MODELS
              + " HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, X-Secret\r\nX-Secret: 1\r\n"
              + "Authorization: Bearer "
              + ISSUER.token("ada", "ml-engineer")
              + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(arrived().has("X-Secret")).isFalse();
    }
  }

  @Test
  void the_trace_and_the_request_id_go_through_in_both_directions() throws Exception {
    var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    var answer =
        send(
            with("ada")
                .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                .header("Assay-Request-Id", "mine-7")
                .GET());
    var arrived = arrived();

    assertThat(arrived.header("traceparent")).startsWith("00-" + trace + "-");
    assertThat(arrived.header("Assay-Request-Id")).isEqualTo("mine-7");
    assertThat(answer.headers().firstValue("Assay-Request-Id")).hasValue("mine-7");
    assertThat(answer.headers().firstValue("traceparent").orElse("")).contains(trace);
  }

  @Test
  void two_hundred_megabytes_stream_in_through_a_small_heap() throws Exception {
    long size = 200L * 1024 * 1024;
    var answer =
        send(
            request(ARTIFACT, "ada")
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofInputStream(() -> zeros(size))));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(arrived().bytes()).isEqualTo(size);
    assertThat(heapAfterCollection()).isLessThan(100L * 1024 * 1024);
    assertThat(peakHeap()).isLessThan(400L * 1024 * 1024);
  }

  @Test
  void two_hundred_megabytes_stream_out() throws Exception {
    long size = 200L * 1024 * 1024;
    var answer =
        HTTP.send(
            request(ARTIFACT, "ada").header("X-Answer-Bytes", String.valueOf(size)).GET().build(),
            BodyHandlers.ofInputStream());
    assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(size);
    try (var body = answer.body()) {
      assertThat(body.transferTo(OutputStream.nullOutputStream())).isEqualTo(size);
    }
  }

  @Test
  void an_upload_that_moves_may_take_longer_than_any_other_request() throws Exception {
    var chunk = new byte[32 * 1024];
    var late =
        IntStream.range(0, 10)
            .mapToObj(
                number -> {
                  LockSupport.parkNanos(100_000_000);
                  return chunk;
                });
    try (var impatient =
        gateway(
            Map.of(
                "assay.gateway.timeout", "300ms",
                "assay.gateway.idle-timeout", "300ms",
                "assay.gateway.body-timeout", "300ms"))) {
      var answer =
          send(
              at(impatient, ARTIFACT, ISSUER.token("ada", "ml-engineer"))
                  .header("Content-Type", "application/octet-stream")
                  .PUT(BodyPublishers.ofByteArrays(late::iterator)));

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(arrived().bytes()).isEqualTo(10L * chunk.length);
    }
  }

  @Test
  void a_json_body_over_the_limit_does_not_arrive() throws Exception {
    var answer =
        send(
            with("ada")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(new byte[1024 * 1024 + 1])));
    problem(answer, 413, "too-large");
    assertThat(SERVICE.arrived).isEmpty();
  }

  @Test
  void a_service_that_is_slow_is_a_504() throws Exception {
    try (var impatient = gateway(Map.of("assay.gateway.timeout", "300ms"))) {
      var answer =
          send(
              at(impatient, MODELS + "/" + FakeService.SLOW, ISSUER.token("ada", "auditor")).GET());
      problem(answer, 504, "upstream-timeout");
    }
  }

  @Test
  void a_service_that_hangs_up_is_a_502() throws Exception {
    problem(send(request(MODELS + "/" + FakeService.BROKEN, "ada").GET()), 502, "upstream-failed");
  }

  @Test
  void a_body_that_is_not_in_the_coding_it_names_is_a_400_and_no_fault_of_the_service()
      throws Exception {
    for (int i = 0; i < 3; i++) {
      problem(
          send(
              with("ada")
                  .header("Content-Type", "application/json")
                  .header("Content-Encoding", "gzip")
                  .POST(BodyPublishers.ofString("{\"name\":\"not compressed\"}"))),
          400,
          "malformed-request");
      assertThat(send(with("ada").GET()).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void a_service_that_is_down_is_a_503_with_retry_after() throws Exception {
    try (var lonely = gateway(Map.of("assay.services.policy.url", "http://127.0.0.1:1"))) {
      var answer = send(at(lonely, "/api/v1/policies", ISSUER.token("ada", "auditor")).GET());
      problem(answer, 503, "unavailable");
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();

      var ready = send(HttpRequest.newBuilder(uri(lonely, "/health/ready")).GET());
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).contains("\"services\":\"DOWN\"");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/v1/nothing", "/api/v1/promotions/x/decisions", "/api/v2/models", "/admin"})
  void what_no_description_names_is_a_404_and_does_not_arrive(String path) throws Exception {
    problem(send(request(path, "ada").GET()), 404, "no-such-route");
    assertThat(SERVICE.arrived).isEmpty();
  }

  @Test
  void a_method_that_no_description_names_is_a_405() throws Exception {
    var answer = send(with("ada").DELETE());
    problem(answer, 405, "method-not-allowed");
    assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD, POST");
    assertThat(SERVICE.arrived).isEmpty();
  }

  @Test
  void who_asks_too_much_waits_and_others_do_not() throws Exception {
    try (var strict = gateway(reads(3, 1, 1000, 1000))) {
      HttpResponse<String> answer =
          send(at(strict, MODELS, ISSUER.token("greedy", "auditor")).GET());
      assertThat(answer.headers().firstValue("RateLimit-Policy")).hasValue("\"reads\";q=3;w=3");
      assertThat(answer.headers().firstValue("RateLimit")).hasValue("\"reads\";r=2;t=1");
      for (int i = 0; i < 10; i++) {
        answer = send(at(strict, MODELS, ISSUER.token("greedy", "auditor")).GET());
      }
      problem(answer, 429, "too-many-requests");
      assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(answer.headers().firstValue("RateLimit").orElse(""))
          .startsWith("\"reads\";r=0;t=");

      assertThat(send(at(strict, MODELS, ISSUER.token("modest", "auditor")).GET()).statusCode())
          .isEqualTo(200);
      var write =
          at(strict, MODELS, ISSUER.token("greedy", "ml-engineer"))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{}"));
      assertThat(send(write).statusCode()).as("another class of routes").isEqualTo(200);
      assertThat(send(HttpRequest.newBuilder(uri(strict, "/metrics")).GET()).body())
          .contains("assay_gateway_limited_total{by=\"actor\",class=\"reads\"}");
    }
  }

  @Test
  void a_key_that_is_mistyped_reaches_no_service() throws Exception {
    var key = key(new ApiKeyId(UUID.randomUUID()));
    assertThat(send(keyed(gateway, key)).statusCode()).isEqualTo(200);
    arrived();
    for (var wrong : List.of(key + "0", key.substring(1), key.toLowerCase(Locale.ROOT), "assay_")) {
      problem(send(keyed(gateway, wrong)), 401, "unauthenticated");
      problem(send(basic(gateway, wrong)), 401, "unauthenticated");
    }
    assertThat(SERVICE.arrived).isEmpty();
  }

  @Test
  void a_key_is_forwarded_as_it_came_as_bearer_and_as_basic() throws Exception {
    var key = key(new ApiKeyId(UUID.randomUUID()));
    send(keyed(gateway, key));
    assertThat(arrived().header("Authorization")).isEqualTo("Bearer " + key);
    send(basic(gateway, key));
    assertThat(arrived().header("Authorization")).isEqualTo(authorization(key));
  }

  @Test
  void a_key_that_a_service_took_has_a_rate_of_its_own_whoever_knows_its_id() throws Exception {
    var id = new ApiKeyId(UUID.randomUUID());
    var key = key(id);
    try (var strict = gateway(reads(3, 1, 1000, 1000))) {
      assertThat(send(keyed(strict, key)).statusCode()).isEqualTo(200);
      var guesses = new HashSet<Integer>();
      for (int i = 0; i < 20; i++) { // each another secret, which the service does not know
        guesses.add(send(keyed(strict, key(id), MODELS + "/" + FakeService.STRANGE)).statusCode());
      }
      assertThat(guesses).containsExactlyInAnyOrder(401, 429);

      var answers = new ArrayList<Integer>();
      for (int i = 0; i < 20; i++) {
        answers.add(send(i % 2 == 0 ? keyed(strict, key) : basic(strict, key)).statusCode());
      }
      assertThat(answers).startsWith(200, 200, 200).contains(429);
    }
  }

  private static String key(ApiKeyId id) {
    return ApiKey.mint("default", id, new SecureRandom()).spelled();
  }

  private static HttpRequest.Builder keyed(EmbeddedServer server, String key) {
    return keyed(server, key, MODELS);
  }

  private static HttpRequest.Builder keyed(EmbeddedServer server, String key, String path) {
    return at(server, path, key).GET();
  }

  private static HttpRequest.Builder basic(EmbeddedServer server, String key) {
    return HttpRequest.newBuilder(uri(server, MODELS))
        .header("Authorization", authorization(key))
        .GET();
  }

  private static String authorization(String key) {
    var pair = "mlflow:" + key;
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void an_address_that_asks_too_much_waits_whoever_asks_and_before_a_token_is_looked_at()
      throws Exception {
    try (var strict = gateway(reads(1000, 1000, 3, 1))) {
      for (int i = 0; i < 10; i++) {
        send(HttpRequest.newBuilder(uri(strict, MODELS)).GET());
      }
      var answer = send(at(strict, MODELS, ISSUER.token("ada", "auditor")).GET());
      problem(answer, 429, "too-many-requests");
      assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
      problem(send(at(strict, MODELS, "garbage").GET()), 429, "too-many-requests");
      assertThat(send(HttpRequest.newBuilder(uri(strict, "/health/live")).GET()).statusCode())
          .as("whoever asks whether it lives is not counted")
          .isEqualTo(200);
    }
  }

  @Test
  void the_address_is_the_one_that_a_declared_proxy_names_and_nobody_else() throws Exception {
    var limits = new HashMap<String, Object>(reads(1000, 1000, 1, 1));
    try (var alone = gateway(limits)) {
      assertThat(from(alone, "192.0.2.1")).isEqualTo(200);
      assertThat(from(alone, "192.0.2.2")).as("not believed").isEqualTo(429);
    }
    limits.put("assay.proxy.trusted", "10.0.0.0/8,127.0.0.1");
    try (var behind = gateway(limits)) {
      assertThat(from(behind, "192.0.2.1")).isEqualTo(200);
      assertThat(from(behind, "192.0.2.1")).isEqualTo(429);
      assertThat(from(behind, "192.0.2.2")).isEqualTo(200);
      assertThat(from(behind, "192.0.2.9, 192.0.2.2, 10.1.2.3"))
          .as("the nearest one that is no proxy; what stands before it anybody can write")
          .isEqualTo(429);
    }
  }

  private static int from(EmbeddedServer server, String forwardedFor) throws Exception {
    return send(at(server, MODELS, ISSUER.token("ada", "auditor"))
            .header("X-Forwarded-For", forwardedFor)
            .GET())
        .statusCode();
  }

  private static Map<String, Object> reads(
      int actorBurst, int actorRate, int addressBurst, int addressRate) {
    var reads = "assay.gateway.limits.reads.";
    return Map.of(
        reads + "actor-burst", actorBurst,
        reads + "actor-rate", actorRate,
        reads + "address-burst", addressBurst,
        reads + "address-rate", addressRate);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//api/v1/models",
        "/api/v1/models/",
        "/api/v1/models/../policies",
        "/api/v1/models;x",
        "/api/v1/models/a%2Fb",
        "/api/v1/models/%2e%2e",
        "/api/v1/models/%252e",
        "/api/v1/models/%00",
        "/api/v1/models/%C0%AF",
        "/api/v1/models/a\\b",
        "http://127.0.0.1/api/v1/models"
      })
  void a_path_that_is_not_canonical_is_a_400_and_does_not_arrive(String target) throws IOException {
    assertThat(
            raw(
                "GET "
                    + target
                    + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                    + ISSUER.token("ada", "ml-engineer")
                    + "\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .contains("/problems/path-not-canonical");
    assertThat(SERVICE.arrived).isEmpty();
  }

  @Test
  void without_a_valid_token_nothing_arrives() throws Exception {
    var past = Date.from(Instant.now().minusSeconds(100));
    refused(HttpRequest.newBuilder(uri(gateway, MODELS)).GET());
    refused(at(gateway, MODELS, "garbage").GET());
    refused(
        at(gateway, MODELS, ISSUER.sign(ISSUER.claims("a", "admin").expirationTime(past).build()))
            .GET());
    refused(
        at(gateway, MODELS, ISSUER.sign(ISSUER.claims("a", "admin").audience("other").build()))
            .GET());
    refused(
        at(gateway, MODELS, ISSUER.sign(ISSUER.claims("a", "admin").claim("typ", "ID").build()))
            .GET());
    refused(
        at(gateway, MODELS, ISSUER.sign(ISSUER.claims("a", "admin").issuer("urn:x").build()))
            .GET());
    refused(HttpRequest.newBuilder(uri(gateway, "/api/v1/nothing")).GET());
    assertThat(SERVICE.arrived).isEmpty();
  }

  @Test
  void the_console_keeps_its_cookies_and_its_host() throws Exception {
    send(
        HttpRequest.newBuilder(uri(gateway, "/console/models"))
            .header("Cookie", "session=1")
            .header("X-Forwarded-For", "10.0.0.1")
            .GET());
    var arrived = arrived();
    assertThat(arrived.header("Cookie")).isEqualTo("session=1");
    assertThat(arrived.header("Host")).isEqualTo("127.0.0.1:" + gateway.getPort());
    assertThat(arrived.has("X-Forwarded-For")).isFalse();
  }

  @Test
  void a_problem_s_type_resolves_to_a_page() throws Exception {
    var page =
        send(
            HttpRequest.newBuilder(uri(gateway, "/problems/digest-mismatch"))
                .header("Accept", "text/html")
                .GET());
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    assertThat(page.body()).contains("How to fix it");

    var text = send(HttpRequest.newBuilder(uri(gateway, "/problems/digest-mismatch")).GET());
    assertThat(text.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");

    problem(send(HttpRequest.newBuilder(uri(gateway, "/problems/x")).GET()), 404, "not-found");
  }

  @Test
  void it_lives_is_ready_and_has_figures() throws Exception {
    assertThat(send(HttpRequest.newBuilder(uri(gateway, "/health/live")).GET()).body())
        .contains("UP");
    var ready = send(HttpRequest.newBuilder(uri(gateway, "/health/ready")).GET());
    assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);
    assertThat(send(HttpRequest.newBuilder(uri(gateway, "/metrics")).GET()).body())
        .contains("jvm_memory_used_bytes");
  }

  private static EmbeddedServer gateway(Map<String, ?> more) {
    return GatewayUnderTest.start(SERVICE, ISSUER, more);
  }

  private static URI uri(EmbeddedServer server, String path) {
    return URI.create("http://127.0.0.1:" + server.getPort() + path);
  }

  private static HttpRequest.Builder at(EmbeddedServer server, String path, String token) {
    return HttpRequest.newBuilder(uri(server, path)).header("Authorization", "Bearer " + token);
  }

  private static HttpRequest.Builder request(String path, String user) {
    return at(gateway, path, ISSUER.token(user, "ml-engineer"));
  }

  private static HttpRequest.Builder with(String user) {
    return request(MODELS, user);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static FakeService.Arrived arrived() throws InterruptedException {
    var arrived = SERVICE.arrived.poll(30, TimeUnit.SECONDS);
    if (arrived == null) {
      throw new AssertionError("Nothing arrived");
    }
    return arrived;
  }

  private static void refused(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    var answer = send(request);
    problem(answer, 401, "unauthenticated");
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Bearer");
  }

  private static void problem(HttpResponse<String> answer, int status, String slug) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(answer.body()).contains("\"/problems/" + slug + '"');
  }

  private static String raw(String request) throws IOException {
    try (var socket = new Socket("127.0.0.1", gateway.getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static InputStream zeros(long size) {
    return new InputStream() {
      private long left = size;

      @Override
      public int read() {
        return left-- > 0 ? 0 : -1;
      }

      @Override
      public int read(byte[] into, int offset, int length) {
        if (left <= 0) {
          return -1;
        }
        int count = (int) Math.min(left, length);
        left -= count;
        return count;
      }
    };
  }

  private static long heapAfterCollection() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getPeakUsage().getUsed())
        .sum();
  }
}
