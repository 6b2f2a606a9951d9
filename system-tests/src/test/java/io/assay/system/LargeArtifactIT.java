package io.assay.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.cli.Api;
import io.assay.contracts.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.DigestInputStream;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * An artifact of a gigabyte goes through processes whose heaps are a fraction of it: {@link Server}
 * gives the registry 256 MB, the gateway 160.
 */
class LargeArtifactIT {

  private static final long SIZE = 1L << 30;
  private static final String USER = "ml-engineer-1";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Test
  void aGigabyteIsStoredAndReadByteForByteThroughSmallHeaps() throws Exception {
    var digest = digest(new Generated());
    var artifact = registered(digest) + "/artifacts/weights.bin";

    var stored =
        http.send(
            request(artifact)
                .header("Content-Type", "application/octet-stream")
                .PUT(
                    BodyPublishers.fromPublisher(
                        BodyPublishers.ofInputStream(Generated::new), SIZE))
                .build(),
            BodyHandlers.ofString());
    assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);

    HttpResponse<InputStream> read =
        http.send(request(artifact).GET().build(), BodyHandlers.ofInputStream());
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(read.headers().firstValueAsLong("Content-Length")).hasValue(SIZE);
    try (var body = read.body()) {
      assertThat(digest(body)).isEqualTo(digest);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(Assays.shared().url() + path))
        .timeout(Duration.ofMinutes(10))
        .header("Authorization", "Bearer " + Assays.token(USER));
  }

  /** The path of a new version that names the artifact. */
  private String registered(Sha256 digest) throws Exception {
    var system = "large-" + UUID.randomUUID();
    post(
        "/api/v1/systems",
        Api.object()
            .put("name", system)
            .put("purpose", "a test")
            .put("owner", "tests")
            .put("riskTier", "minimal"));
    post(
        "/api/v1/models",
        Api.object()
            .put("name", system)
            .put("system", system)
            .put("kind", "ml")
            .put("riskTier", "minimal"));
    var manifest = Api.object();
    manifest
        .putArray("artifacts")
        .addObject()
        .put("path", "weights.bin")
        .put("digest", digest.hex())
        .put("size", SIZE);
    var versions = "/api/v1/models/" + system + "/versions";
    return versions + "/" + post(versions, manifest).get("number").asInt();
  }

  private JsonNode post(String path, JsonNode body) throws Exception {
    var answer =
        http.send(
            request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return JSON.readTree(answer.body());
  }

  private static Sha256 digest(InputStream bytes) throws IOException {
    var digest = Sha256.newDigest();
    try (var reading = new DigestInputStream(bytes, digest)) {
      reading.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return Sha256.of(digest);
  }

  /** The same bytes each time, which lie nowhere. */
  private static final class Generated extends InputStream {

    private final byte[] block = new byte[1 << 16];
    private long left = SIZE;
    private long number;

    Generated() {
      new Random(42).nextBytes(block);
    }

    @Override
    public int read() {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (left == 0) {
        return -1;
      }
      int at = (int) ((SIZE - left) % block.length);
      if (at == 0) { // no block is like another
        number++;
        for (int i = 0; i < Long.BYTES; i++) {
          block[i] = (byte) (number >>> (8 * i));
        }
      }
      int count = (int) Math.min(Math.min(length, block.length - at), left);
      System.arraycopy(block, at, into, offset, count);
      left -= count;
      return count;
    }
  }
}
