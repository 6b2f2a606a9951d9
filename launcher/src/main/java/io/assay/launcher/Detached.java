package io.assay.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An installation in a process of its own, which goes on when this one ends. */
final class Detached {

  private static final long READY_SECONDS = 600;
  private static final long LOOK_MILLIS = 100;

  private Detached() {}

  /** Starts it, shows what it says, and returns once it is ready. */
  static DataFolder.State start(DataFolder folder, int port, boolean keycloak, Progress progress) {
    try {
      if (folder.isLocked()) {
        folder.lock().close(); // says in whose hands it is
      }
      Ports.require(port);
      folder.create();
      var output = folder.logs().resolve("up.log");
      var process = new ProcessBuilder(command(folder, port, keycloak)).redirectErrorStream(true);
      process.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      process.redirectOutput(output.toFile());
      return whenReady(folder, process.start(), output, progress);
    } catch (IOException e) {
      throw new CannotStart("Assay cannot be started: " + e.getMessage(), e);
    }
  }

  private static DataFolder.State whenReady(
      DataFolder folder, Process process, Path output, Progress progress) throws IOException {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
    int shown = 0;
    try {
      while (true) {
        var ended = process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        var lines = Files.readAllLines(output);
        var ready = folder.state().filter(state -> state.pid() == process.pid());
        for (; shown < lines.size() && !lines.get(shown).isEmpty(); shown++) {
          progress.say(lines.get(shown));
        }
        if (ready.isPresent()) {
          return ready.get();
        }
        if (ended) {
          throw new CannotStart("It did not start; its logs are in " + folder.logs());
        }
        if (System.nanoTime() > deadline) {
          process.destroy();
          throw new CannotStart(
              "It was not ready within " + READY_SECONDS + " s; its logs are in " + folder.logs());
        }
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new CannotStart("Interrupted while Assay was starting", e);
    }
  }

  /** The same Java with the same options, in a session of its own where the system has those. */
  private static List<String> command(DataFolder folder, int port, boolean keycloak) {
    var self = ProcessHandle.current().info();
    var words = new ArrayList<String>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      words.add("/usr/bin/setsid"); // else the terminal's Ctrl-C would reach it
    }
    words.add(
        self.command()
            .orElseGet(() -> Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    words.addAll(java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
    words.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Assay.class.getName(),
            "up",
            "--data",
            folder.path().toString(),
            "--port",
            Integer.toString(port)));
    if (keycloak) {
      words.add("--keycloak");
    }
    return words;
  }
}
