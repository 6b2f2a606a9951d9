package io.assay.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.assay.client.registry.model.Problem;
import io.assay.client.registry.model.StoredArtifact;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Sends and fetches the bytes of artifacts as streams, of any size: what {@code ArtifactsApi} would
 * hold in memory. Refusals are {@link ProblemResponse}s.
 */
public final class Artifacts {

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final Caller caller;
  private final URI registry;
  private final ObjectMapper json;

  Artifacts(Caller caller, URI registry, ObjectMapper json) {
    this.caller = caller;
    this.registry = registry;
    this.json = json;
  }

  /** Sends a file; the registry compares its size and digest with the manifest. */
  public StoredArtifact upload(String model, String version, String path, Path file)
      throws IOException {
    return upload(model, version, path, BodyPublishers.ofFile(file));
  }

  /** Sends bytes; the registry compares their size and digest with the manifest. */
  public StoredArtifact upload(String model, String version, String path, byte[] bytes)
      throws IOException {
    return upload(model, version, path, BodyPublishers.ofByteArray(bytes));
  }

  /** Sends whatever the publisher publishes. */
  public StoredArtifact upload(String model, String version, String path, BodyPublisher bytes)
      throws IOException {
    var request =
        request(model, version, path)
            .header("Content-Type", "application/octet-stream")
            .PUT(bytes)
            .build();
    try (InputStream body = send(request).body()) {
      return json.readValue(body, StoredArtifact.class);
    }
  }

  /** Fetches into a file, which is replaced. */
  public void download(String model, String version, String path, Path file) throws IOException {
    try (InputStream body = send(request(model, version, path).GET().build()).body()) {
      Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private HttpRequest.Builder request(String model, String version, String path) {
    String artifact =
        Arrays.stream(path.split("/", -1)).map(Artifacts::encode).collect(Collectors.joining("/"));
    var request =
        HttpRequest.newBuilder(
            registry.resolve(
                "/api/v1/models/%s/versions/%s/artifacts/%s"
                    .formatted(encode(model), encode(version), artifact)));
    request.header("Assay-Workspace", caller.workspace());
    String token = caller.token();
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return request;
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    HttpResponse<InputStream> response;
    try {
      response = http.send(request, BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(e.getMessage());
    }
    if (response.statusCode() < 400) {
      return response;
    }
    try (InputStream body = response.body()) {
      String type = response.headers().firstValue("Content-Type").orElse("");
      throw new ProblemResponse(
          type.contains("json")
              ? json.readValue(body, Problem.class)
              : new Problem("about:blank", "HTTP error", response.statusCode()),
          null);
    }
  }

  private static String encode(String segment) {
    return URLEncoder.encode(segment, UTF_8).replace("+", "%20").replace("%7E", "~");
  }
}
