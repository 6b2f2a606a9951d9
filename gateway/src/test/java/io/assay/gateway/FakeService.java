package io.assay.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A service behind the gateway that remembers what reached it. */
final class FakeService implements AutoCloseable {

  /** One request as it arrived. */
  record Arrived(String method, String target, Map<String, List<String>> headers, long bytes) {

    boolean has(String header) {
      return headers.containsKey(header.toLowerCase(Locale.ROOT));
    }

    String header(String header) {
      return headers.getOrDefault(header.toLowerCase(Locale.ROOT), List.of("")).getFirst();
    }
  }

  /** Requests whose target holds this wait until the latch opens. */
  static final String SLOW = "slow";

  /** Requests whose target holds this are answered by hanging up. */
  static final String BROKEN = "broken";

  /** Requests whose target holds this are sent elsewhere. */
  static final String MOVED = "moved";

  /** Requests whose target holds this are answered so, with a problem. */
  static final String MISSING = "missing";

  /** Requests whose target holds this come from nobody it knows. */
  static final String STRANGE = "strange";

  final LinkedBlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();
  final AtomicInteger hangUps = new AtomicInteger();
  final AtomicInteger probes = new AtomicInteger();
  volatile boolean hangsUp;
  volatile boolean ready = true;
  final CountDownLatch release = new CountDownLatch(1);
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  FakeService() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    var headers = new TreeMap<String, List<String>>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
    var target = exchange.getRequestURI().toString();
    if (target.equals("/health/ready")) { // the gateway asks when it likes
      probes.incrementAndGet();
      exchange.sendResponseHeaders(ready ? 200 : 503, -1);
      exchange.close();
      return;
    }
    if (hangsUp || target.contains(BROKEN)) {
      hangUps.incrementAndGet();
      exchange.close();
      return;
    }
    if (target.contains(SLOW)) {
      try {
        release.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    long bytes = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
    arrived.add(new Arrived(exchange.getRequestMethod(), target, headers, bytes));
    var size = exchange.getRequestHeaders().getFirst("X-Answer-Bytes");
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (target.endsWith("/cookie")) {
      exchange.getResponseHeaders().put("Set-Cookie", List.of("a=1; HttpOnly", "b=2; secure"));
    }
    exchange.getResponseHeaders().set("Server", "inside/1.0");
    exchange.getResponseHeaders().set("Assay-Position", "41");
    if (target.contains(MOVED)) {
      exchange.getResponseHeaders().set("Location", "/console/elsewhere");
      exchange.sendResponseHeaders(303, -1);
    } else if (target.contains(STRANGE)) {
      exchange.sendResponseHeaders(401, -1);
    } else if (target.contains(MISSING)) {
      exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
      exchange.sendResponseHeaders(404, -1);
    } else if (size != null) {
      exchange.sendResponseHeaders(200, Long.parseLong(size));
      try (var out = exchange.getResponseBody()) {
        var chunk = new byte[64 * 1024];
        for (long left = Long.parseLong(size); left > 0; left -= chunk.length) {
          out.write(chunk, 0, (int) Math.min(left, chunk.length));
        }
      }
    } else {
      var body = "{\"ok\":true}".getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(
          200, exchange.getRequestMethod().equals("HEAD") ? -1 : body.length);
      if (!exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseBody().write(body);
      }
    }
    exchange.close();
  }

  @Override
  public void close() {
    release.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
