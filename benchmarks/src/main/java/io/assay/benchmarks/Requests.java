package io.assay.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one caller over kept connections, HTTP/1.1 and nothing else: no redirects, cookies or
 * retries. Its threads block. What a client does costs the machine that it shares with what is
 * measured.
 */
final class Requests implements AutoCloseable {

  /** Servers close what is idle for longer. */
  private static final Duration KEPT = Duration.ofSeconds(30);

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /**
   * What came back.
   *
   * @param position that a write had in the log, where it is said
   */
  record Answer(int status, byte[] body, @Nullable String position) {}

  private record Idle(DefaultBHttpClientConnection connection, long since) {}

  private final HttpRequestExecutor executor = new HttpRequestExecutor();

  /** By server, those used last first. */
  private final Map<String, Deque<Idle>> idle = new ConcurrentHashMap<>();

  Answer get(URI address, String authorization) throws IOException {
    return send(new BasicClassicHttpRequest(Method.GET, address), authorization);
  }

  /** What is as new as a position at least. */
  Answer get(URI address, String authorization, String position) throws IOException {
    var request = new BasicClassicHttpRequest(Method.GET, address);
    request.addHeader("Assay-Min-Position", position);
    return send(request, authorization);
  }

  Answer post(URI address, String authorization, String body) throws IOException {
    var content = body.getBytes(StandardCharsets.UTF_8);
    var request = new BasicClassicHttpRequest(Method.POST, address);
    request.addHeader("Content-Type", "application/json");
    request.addHeader("Content-Length", content.length);
    request.setEntity(new ByteArrayEntity(content, ContentType.APPLICATION_JSON));
    return send(request, authorization);
  }

  private Answer send(ClassicHttpRequest request, String authorization) throws IOException {
    var server = request.getAuthority();
    request.addHeader("Host", server);
    request.addHeader("Authorization", authorization);
    var waiting = idle.computeIfAbsent(server.toString(), key -> new ConcurrentLinkedDeque<>());
    var connection = connection(server, waiting);
    boolean kept = false;
    try (var response = executor.execute(request, connection, HttpCoreContext.create())) {
      var body = EntityUtils.toByteArray(response.getEntity());
      Header position = response.getFirstHeader("Assay-Position");
      kept = DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, response, null);
      return new Answer(
          response.getCode(),
          body == null ? new byte[0] : body,
          position == null ? null : position.getValue());
    } catch (HttpException e) {
      throw new IOException(e);
    } finally {
      if (kept) {
        waiting.push(new Idle(connection, System.nanoTime()));
      } else {
        connection.close();
      }
    }
  }

  private static DefaultBHttpClientConnection connection(URIAuthority server, Deque<Idle> waiting)
      throws IOException {
    for (var found = waiting.poll(); found != null; found = waiting.poll()) {
      if (System.nanoTime() - found.since() < KEPT.toNanos()) {
        return found.connection();
      }
      found.connection().close();
    }
    var socket = new Socket();
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.connect(new InetSocketAddress(server.getHostName(), server.getPort()));
    var connection = new DefaultBHttpClientConnection(Http1Config.DEFAULT);
    connection.bind(socket);
    return connection;
  }

  @Override
  public void close() throws IOException {
    for (var server : idle.values()) {
      for (var found : server) {
        found.connection().close();
      }
    }
  }
}
