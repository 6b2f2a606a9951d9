package io.assay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * The public interface, as one sees it with a browser's tools: paths, JSON trees and status codes.
 * What this client has written, it sees.
 */
public final class Api implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIME_OUT = Duration.ofSeconds(60);

  private final URI gateway;
  private final Function<String, String> tokens;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private volatile long seen = -1;

  /**
   * @param tokens the bearer token of a user
   */
  public Api(URI gateway, Function<String, String> tokens) {
    this.gateway = gateway;
    this.tokens = tokens;
  }

  /** An empty JSON object, to be filled. */
  public static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** JSON from text that is known to be JSON. */
  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("No JSON: " + text, e);
    }
  }

  /** A name as a segment of a path. */
  public static String segment(String name) {
    return URLEncoder.encode(name, UTF_8).replace("+", "%20").replace("%7E", "~");
  }

  public Answer get(String user, String path) {
    return send(request(user, path).GET());
  }

  public Answer post(String user, String path, JsonNode body) {
    return send(
        request(user, path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  /** A post without a body. */
  public Answer post(String user, String path) {
    return send(request(user, path).POST(BodyPublishers.noBody()));
  }

  public Answer put(String user, String path, BodyPublisher bytes) {
    return send(request(user, path).header("Content-Type", "application/octet-stream").PUT(bytes));
  }

  @Override
  public void close() {
    http.close();
  }

  private HttpRequest.Builder request(String user, String path) {
    var request =
        HttpRequest.newBuilder(gateway.resolve(path))
            .timeout(TIME_OUT)
            .header("Authorization", "Bearer " + tokens.apply(user));
    if (seen >= 0) { // a write, too, may name by its name what was made a moment ago
      request.header("Assay-Min-Position", Long.toString(seen));
    }
    return request;
  }

  private Answer send(HttpRequest.Builder builder) {
    var request = builder.build();
    try {
      var response = http.send(request, BodyHandlers.ofString());
      var answer = new Answer(request, response);
      answer
          .headerValue("Assay-Position")
          .map(Long::parseLong)
          .ifPresent(position -> seen = Math.max(seen, position));
      return answer;
    } catch (IOException e) {
      throw new Failed(request.method() + " " + request.uri() + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failed("Interrupted", e);
    }
  }

  /** What came back. */
  public static final class Answer {

    private final HttpRequest request;
    private final HttpResponse<String> response;
    private final JsonNode body;

    private Answer(HttpRequest request, HttpResponse<String> response) {
      this.request = request;
      this.response = response;
      this.body = parsed(response);
    }

    public int status() {
      return response.statusCode();
    }

    public JsonNode body() {
      return body;
    }

    /** The text at a JSON pointer; empty where there is none. */
    public String text(String pointer) {
      return body.at(pointer).asText("");
    }

    public Optional<String> headerValue(String name) {
      return response.headers().firstValue(name);
    }

    /** The request, the status and the body, for reports. */
    @Override
    public String toString() {
      return request.method()
          + " "
          + request.uri().getPath()
          + " answered "
          + response.statusCode()
          + " "
          + response.body();
    }

    private static JsonNode parsed(HttpResponse<String> response) {
      var type = response.headers().firstValue("Content-Type").orElse("");
      if (!type.contains("json") || response.body().isEmpty()) {
        return MissingNode.getInstance();
      }
      try {
        return JSON.readTree(response.body());
      } catch (JsonProcessingException e) {
        throw new Failed("The answer is no JSON: " + response.body(), e);
      }
    }
  }
}
