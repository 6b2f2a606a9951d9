package io.assay.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayDeque;

/** TCP ports of the loopback interface. */
final class Ports {

  private Ports() {}

  /** Distinct ports that nothing listens on. */
  static int[] free(int count) {
    var held = new ArrayDeque<ServerSocket>();
    try {
      var ports = new int[count];
      for (int i = 0; i < count; i++) {
        var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.push(socket);
        ports[i] = socket.getLocalPort();
      }
      return ports;
    } catch (IOException e) {
      throw new CannotStart("No free port on the loopback interface: " + e.getMessage());
    } finally {
      held.forEach(Ports::close);
    }
  }

  /**
   * Refuses a port that something listens on; 0 stands for any free one.
   *
   * @throws CannotStart naming the port
   */
  static int require(int port) {
    if (port == 0) {
      return free(1)[0];
    }
    if (!isFree(port)) {
      throw new CannotStart("Port " + port + " is taken: choose another with --port.");
    }
    return port;
  }

  /** Whether nothing listens there. */
  static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new CannotStart("A port cannot be released: " + e.getMessage());
    }
  }
}
