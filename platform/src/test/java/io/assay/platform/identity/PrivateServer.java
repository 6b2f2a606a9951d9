package io.assay.platform.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A server by TLS, of which no authority knows but its own; answers who shows its token. */
final class PrivateServer implements AutoCloseable {

  private static final char[] PASSWORD = "of a test".toCharArray();

  /** What it wants to be shown. */
  volatile String token = "first";

  private final HttpsServer server;
  private final Path authority;

  PrivateServer(Path folder) throws Exception {
    var store = Files.createTempDirectory(folder, "authority").resolve("store.p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "server",
                "-dname",
                "CN=cluster",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    var said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IllegalStateException(said);
    }
    var keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    authority = store.resolveSibling("ca.crt");
    Files.writeString(
        authority,
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getCertificate("server").getEncoded())
            + "\n-----END CERTIFICATE-----\n");
    var manager = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    manager.init(keys, PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(manager.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.start();
  }

  /** The certificate to trust, PEM. */
  Path authority() {
    return authority;
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
