package io.assay.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The superuser of the system. */
final class Root {

  /** Runs a command in a user namespace of its own, where it is nobody in particular. */
  static final List<String> SHED = List.of("unshare", "-U");

  private Root() {}

  static boolean isCurrentUser() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return "root".equals(System.getProperty("user.name"));
    }
  }
}
