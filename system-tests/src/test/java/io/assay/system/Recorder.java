package io.assay.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Stands before a server, passes on what is asked, and keeps both what was asked and answered. */
final class Recorder implements AutoCloseable {

  /**
   * What went through.
   *
   * @param target path and query
   */
  record Exchange(
      String method,
      String target,
      @Nullable String contentType,
      byte[] body,
      HttpResponse<String> answer) {}

  /** Of the connection, not of the message; or what the clients write themselves. */
  private static final Set<String> HOP =
      Set.of(
          "connection", "host", "content-length", "http2-settings", "upgrade", "transfer-encoding");

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
  private final URI server;
  private final HttpServer proxy;

  Recorder(URI server) throws IOException {
    this.server = server;
    this.proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.createContext("/", this::pass);
    proxy.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + proxy.getAddress().getPort());
  }

  List<Exchange> exchanges() {
    return exchanges;
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      var target = exchange.getRequestURI().toString();
      var body = exchange.getRequestBody().readAllBytes();
      var request =
          HttpRequest.newBuilder(URI.create(server + target))
              .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
      exchange.getRequestHeaders().entrySet().stream()
          .filter(header -> !HOP.contains(header.getKey().toLowerCase(Locale.ROOT)))
          .forEach(header -> header.getValue().forEach(it -> request.header(header.getKey(), it)));
      var answer = http.send(request.build(), BodyHandlers.ofString());
      exchanges.add(
          new Exchange(
              exchange.getRequestMethod(),
              target,
              exchange.getRequestHeaders().getFirst("Content-Type"),
              body,
              answer));
      answer.headers().map().entrySet().stream()
          .filter(header -> !HOP.contains(header.getKey()))
          .forEach(header -> exchange.getResponseHeaders().put(header.getKey(), header.getValue()));
      var bytes = answer.body().getBytes(java.nio.charset.StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.statusCode(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    proxy.stop(0);
    http.close();
  }
}
