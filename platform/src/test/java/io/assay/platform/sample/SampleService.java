package io.assay.platform.sample;

import io.assay.platform.testing.TestIssuer;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The sample service on a free port, with an issuer of its own. */
public final class SampleService implements AutoCloseable {

  public final TestIssuer issuer = new TestIssuer();
  private final EmbeddedServer server;
  private final HttpClient http = HttpClient.newHttpClient();

  public SampleService(Map<String, ?> more) {
    var properties = new HashMap<String, Object>();
    properties.put("micronaut.server.port", -1);
    properties.put("assay.service", "sample");
    properties.put("assay.secret", "a master secret for tests, long enough for its use");
    properties.putAll(issuer.properties());
    properties.putAll(more);
    this.server = ApplicationContext.run(EmbeddedServer.class, properties);
  }

  public ApplicationContext context() {
    return server.getApplicationContext();
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getPort() + path);
  }

  public HttpRequest.Builder request(String path, String user, String role) {
    return HttpRequest.newBuilder(uri(path))
        .header("Authorization", "Bearer " + issuer.token(user, role));
  }

  public HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("No answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  public HttpResponse<String> get(String path) {
    return send(request(path, "engineer", "ml-engineer").build());
  }

  public HttpResponse<String> post(String path, String json, String... headers) {
    var request =
        request(path, "engineer", "ml-engineer")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  /** The status and head of the answer to a target that no client would send. */
  public String raw(String target) throws IOException {
    try (var socket = new Socket("127.0.0.1", server.getPort())) {
      socket.setSoTimeout(10_000);
      var head =
          "GET "
              + target
              + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
              + issuer.token("engineer", "ml-engineer")
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Makes the next writes wait; the first latch opens when one is in, the second lets it go. */
  public static void hold(@Nullable CountDownLatch entered, @Nullable CountDownLatch hold) {
    SampleController.entered = entered;
    SampleController.hold = hold;
  }

  @Override
  public void close() {
    server.close();
    issuer.close();
  }
}
