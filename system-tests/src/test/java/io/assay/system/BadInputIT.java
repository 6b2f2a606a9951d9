package io.assay.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.cli.Api;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad input: a problem that names the field, nothing half-written, and the next request works. */
class BadInputIT {

  private static final String ENGINEER = "ml-engineer-1";

  /**
   * @param pointer the field that the problem names; null where there is none to name
   */
  record Bad(String what, String path, String body, int status, @Nullable String pointer) {
    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Bad> bodies() {
    var unknown = UUID.randomUUID();
    return Stream.of(
        new Bad(
            "an unknown field",
            "/api/v1/datasets",
            "{\"name\": \"a\", \"colour\": \"red\"}",
            400,
            "/colour"),
        new Bad("a wrong type", "/api/v1/datasets", "{\"name\": 7}", 400, "/name"),
        new Bad("a missing field", "/api/v1/datasets", "{}", 400, "/name"),
        new Bad("an empty name", "/api/v1/datasets", "{\"name\": \"\"}", 400, "/name"),
        new Bad("no JSON", "/api/v1/datasets", "{\"name\": ", 400, null),
        new Bad("an array", "/api/v1/datasets", "[]", 400, null),
        new Bad("half a Unicode pair", "/api/v1/datasets", "{\"name\": \"\\ud800\"}", 400, "/name"),
        new Bad("a NUL", "/api/v1/datasets", "{\"name\": \"a\\u0000b\"}", 400, "/name"),
        new Bad(
            "a run on an unknown dataset version",
            "/api/v1/runs",
            "{\"name\": \"r\", \"kind\": \"training\", \"inputs\": [\"" + unknown + "\"]}",
            422,
            "/inputs/0"),
        new Bad(
            "null in a list",
            "/api/v1/runs",
            "{\"name\": \"r\", \"kind\": \"training\", \"inputs\": [null]}",
            400,
            "/inputs/0"),
        new Bad(
            "an unknown kind of run",
            "/api/v1/runs",
            "{\"name\": \"r\", \"kind\": \"dreaming\"}",
            400,
            "/kind"),
        new Bad(
            "a model of an unknown system",
            "/api/v1/models",
            "{\"name\": \"m\", \"system\": \""
                + unknown
                + "\", \"kind\": \"ml\", \"riskTier\": \"high\"}",
            422,
            "/system"),
        new Bad(
            "a body over the limit",
            "/api/v1/datasets",
            "{\"name\": \"a\", \"description\": \"" + "x".repeat(2_000_000) + "\"}",
            413,
            null));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void isAProblemThatNamesTheFieldAndTheNextRequestWorks(Bad bad) {
    try (var api = Assays.api()) {
      var before = size(api);

      var response = Http.send(ENGINEER, "POST", bad.path(), bad.body());

      assertThat(response.statusCode()).as(response.body()).isEqualTo(bad.status());
      var problem = problem(response);
      if (bad.pointer() != null) {
        assertThat(problem.path("errors").findValuesAsText("pointer"))
            .as(response.body())
            .anyMatch(pointer -> pointer.endsWith(bad.pointer()));
      }
      assertThat(size(api)).isEqualTo(before);
      assertThat(Http.send(ENGINEER, "GET", "/api/v1/datasets?limit=1", null).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void anotherMediaTypeIsRefused() {
    var response =
        Http.send(
            request("/api/v1/datasets")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{\"name\": \"a\"}"))
                .build());

    assertThat(response.statusCode()).isEqualTo(415);
    problem(response);
  }

  @ParameterizedTest
  @MethodSource("paths")
  void aPathThatIsNotCanonicalIsRefused(String path) throws IOException {
    assertThat(rawStatus(path)).isEqualTo(400);
  }

  static Stream<String> paths() {
    return Stream.of(
        "/api/v1//datasets",
        "/api/v1/datasets/",
        "/api/v1/./datasets",
        "/api/v1/models/../datasets",
        "/api/v1/datasets;a=1",
        "/api/v1/datasets/%2e%2e",
        "/api/v1/datasets/a%2Fb",
        "/api/v1/datasets/a%5Cb",
        "/api/v1/datasets/%25",
        "/api/v1/datasets/%00",
        "/api/v1/datasets/%ff");
  }

  @Test
  void aRepeatedDatasetVersionIsAConflict() {
    try (var api = Assays.api()) {
      var name = "repeated-" + UUID.randomUUID();
      api.post(ENGINEER, "/api/v1/datasets", Api.object().put("name", name));
      var version =
          Api.json(
              """
              {"digest": "%s", "source": "https://example.org/data.csv",
               "schema": {"fields": [{"name": "a", "type": "int64"}]}}"""
                  .formatted("a".repeat(64)));
      var path = "/api/v1/datasets/" + name + "/versions";

      assertThat(api.post(ENGINEER, path, version).status()).isEqualTo(201);
      var repeated = api.post(ENGINEER, path, version);

      assertThat(repeated.status()).as(repeated.toString()).isEqualTo(409);
    }
  }

  @Test
  void bytesThatAreNotTheDeclaredOnesAreRefusedAndTheRightOnesTakenAfterwards() {
    try (var api = Assays.api()) {
      var bytes = "the right bytes".getBytes(StandardCharsets.UTF_8);
      var path = version(api, bytes);

      var wrong =
          api.put(
              ENGINEER,
              path,
              BodyPublishers.ofByteArray("the wrong bytes".getBytes(StandardCharsets.UTF_8)));
      assertThat(wrong.status()).as(wrong.toString()).isEqualTo(422);
      assertThat(api.get(ENGINEER, path).status()).isEqualTo(404);

      assertThat(api.put(ENGINEER, path, BodyPublishers.ofByteArray(bytes)).status())
          .isEqualTo(200);
      assertThat(Http.send(ENGINEER, "GET", path, null).body()).isEqualTo("the right bytes");
    }
  }

  @Test
  void anUploadThatBreaksInTheMiddleLeavesNothingAndCanBeRepeated() throws IOException {
    try (var api = Assays.api()) {
      var bytes = new byte[1 << 20];
      var path = version(api, bytes);
      var gateway = Assays.shared().url();

      try (var socket = new Socket(gateway.getHost(), gateway.getPort())) {
        var out = socket.getOutputStream();
        writeHead(out, "PUT", path, bytes.length);
        out.write(bytes, 0, bytes.length / 2);
        out.flush();
      }

      assertThat(api.get(ENGINEER, path).status()).isEqualTo(404);
      var again = api.put(ENGINEER, path, BodyPublishers.ofByteArray(bytes));
      assertThat(again.status()).as(again.toString()).isEqualTo(200);
    }
  }

  @Test
  void manyMegabytesAreStreamedInAndOut() throws Exception {
    try (var api = Assays.api()) {
      long size = 64L << 20;
      var path = version(api, zeroes(size), size);

      var stored = api.put(ENGINEER, path, BodyPublishers.ofInputStream(() -> stream(size)));
      assertThat(stored.status()).as(stored.toString()).isEqualTo(200);

      var url = URI.create(Assays.shared().url() + path).toURL().openConnection();
      url.setRequestProperty("Authorization", Http.bearer(ENGINEER));
      try (var in = url.getInputStream()) {
        assertThat(digest(in)).isEqualTo(zeroes(size));
      }
    }
  }

  private static String version(Api api, byte[] bytes) {
    return version(api, digest(new ByteArrayInputStream(bytes)), bytes.length);
  }

  /** The path of the one artifact of a new version of a new model. */
  private static String version(Api api, String digest, long size) {
    var name = "model-" + UUID.randomUUID();
    api.post(
        ENGINEER,
        "/api/v1/systems",
        Api.json(
            "{\"name\": \"%s\", \"purpose\": \"p\", \"owner\": \"o\", \"riskTier\": \"minimal\"}"
                .formatted(name)));
    api.post(
        ENGINEER,
        "/api/v1/models",
        Api.json(
            "{\"name\": \"%s\", \"system\": \"%s\", \"kind\": \"ml\", \"riskTier\": \"minimal\"}"
                .formatted(name, name)));
    var registered =
        api.post(
            ENGINEER,
            "/api/v1/models/" + name + "/versions",
            Api.json(
                "{\"artifacts\": [{\"path\": \"a.bin\", \"digest\": \"%s\", \"size\": %d}]}"
                    .formatted(digest, size)));
    assertThat(registered.status()).as(registered.toString()).isEqualTo(201);
    return "/api/v1/models/" + name + "/versions/1/artifacts/a.bin";
  }

  private static String zeroes(long size) {
    return digest(stream(size));
  }

  private static InputStream stream(long size) {
    return new InputStream() {
      private long left = size;

      @Override
      public int read() {
        return left-- > 0 ? 0 : -1;
      }

      @Override
      public int read(byte[] into, int from, int count) {
        if (left <= 0) {
          return -1;
        }
        int given = (int) Math.min(count, left);
        left -= given;
        java.util.Arrays.fill(into, from, from + given, (byte) 0);
        return given;
      }
    };
  }

  private static String digest(InputStream in) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      var buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException | java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long size(Api api) {
    return api.get("auditor-1", "/api/v1/log").body().path("size").asLong();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(Assays.shared().url() + path))
        .header("Authorization", "Bearer " + Assays.token(ENGINEER));
  }

  private static JsonNode problem(HttpResponse<String> response) {
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    var problem = Api.json(response.body());
    assertThat(problem.path("status").asInt()).isEqualTo(response.statusCode());
    assertThat(problem.path("title").asText()).isNotEmpty();
    assertThat(problem.path("type").asText()).isNotEmpty();
    assertThat(response.body()).doesNotContain("io.assay", "Exception");
    return problem;
  }

  /** The status of a path that a well-behaved client would not send. */
  private static int rawStatus(String path) throws IOException {
    var gateway = Assays.shared().url();
    try (var socket = new Socket(gateway.getHost(), gateway.getPort())) {
      writeHead(socket.getOutputStream(), "GET", path, 0);
      var line = new StringBuilder();
      var in = socket.getInputStream();
      for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
        line.append((char) c);
      }
      return Integer.parseInt(line.toString().split(" ")[1]);
    }
  }

  private static void writeHead(OutputStream out, String method, String path, int length)
      throws IOException {
    var gateway = Assays.shared().url();
    out.write(
        ("%s %s HTTP/1.1\r\nHost: %s:%d\r\nAuthorization: %s\r\n"
                + "Content-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n")
            .formatted(
                method, path, gateway.getHost(), gateway.getPort(), Http.bearer(ENGINEER), length)
            .getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
