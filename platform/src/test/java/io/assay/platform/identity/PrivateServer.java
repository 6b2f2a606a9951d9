package io.assay.platform.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.assay.platform.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;

/** A server by TLS, of which no authority knows but its own; answers who shows its token. */
final class PrivateServer implements AutoCloseable {

  /** What it wants to be shown. */
  volatile String token = "first";

  private final HttpsServer server;
  private final TestCertificate certificate;

  PrivateServer(Path folder) throws Exception {
    certificate = new TestCertificate(folder);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.showing()));
    server.start();
  }

  /** The certificate to trust, PEM. */
  Path authority() {
    return certificate.certificate();
  }

  URI at(String path) {
    return URI.create("https://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  void publish(String path, Supplier<String> document) {
    server.createContext(
        path,
        exchange -> {
          var authorization = exchange.getRequestHeaders().getFirst("Authorization");
          boolean admitted = Objects.equals(authorization, "Bearer " + token);
          answer(exchange, admitted ? 200 : 401, admitted ? document.get() : "");
        });
  }

  void redirect(String path, URI to) {
    server.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().add("Location", to.toString());
          answer(exchange, 302, "");
        });
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      var bytes = body.getBytes(UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      if (bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
