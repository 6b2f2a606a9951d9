package io.assay.eventlog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A wire between a client and PostgreSQL that can be cut at a COMMIT, on its one or other side. */
final class CuttingProxy implements AutoCloseable {

  /** Where the wire is cut. */
  enum Cut {
    NOWHERE,
    /** The server never hears of the COMMIT. */
    BEFORE_COMMIT,
    /** The server commits, the client never hears of it. */
    AFTER_COMMIT
  }

  private final ServerSocket listener;
  private final int target;
  private final AtomicReference<Cut> cut = new AtomicReference<>(Cut.NOWHERE);
  private final AtomicInteger cuts = new AtomicInteger();

  CuttingProxy(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Cuts the wire that bears the next COMMIT. */
  void cutNext(Cut where) {
    cut.set(where);
  }

  int cuts() {
    return cuts.get();
  }

  private void accept() {
    try {
      while (true) {
        var client = listener.accept();
        var server = new Socket(InetAddress.getLoopbackAddress(), target);
        var silent = new AtomicBoolean();
        Thread.ofVirtual().start(() -> upstream(client, server, silent));
        Thread.ofVirtual().start(() -> downstream(server, client, silent));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void upstream(Socket client, Socket server, AtomicBoolean silent) {
    var buffer = new byte[1 << 16];
    try (client;
        server) {
      for (int n = client.getInputStream().read(buffer);
          n >= 0;
          n = client.getInputStream().read(buffer)) {
        var commit = commits(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
        var where = commit ? cut.getAndSet(Cut.NOWHERE) : Cut.NOWHERE;
        if (where == Cut.BEFORE_COMMIT) {
          cuts.incrementAndGet();
          return;
        }
        if (where == Cut.AFTER_COMMIT) {
          silent.set(true);
        }
        server.getOutputStream().write(buffer, 0, n);
        server.getOutputStream().flush();
      }
    } catch (IOException e) {
      // The other side is cut.
    }
  }

  /** An append that no BEGIN goes before is a transaction of its own. */
  private static boolean commits(String sent) {
    return sent.contains("COMMIT") || sent.contains("log.append(") && !sent.contains("BEGIN");
  }

  private void downstream(Socket server, Socket client, AtomicBoolean silent) {
    var buffer = new byte[1 << 16];
    try (server;
        client) {
      for (int n = server.getInputStream().read(buffer);
          n >= 0;
          n = server.getInputStream().read(buffer)) {
        if (silent.get()) {
          cuts.incrementAndGet();
          return;
        }
        client.getOutputStream().write(buffer, 0, n);
        client.getOutputStream().flush();
      }
    } catch (IOException e) {
      // The other side is cut.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
