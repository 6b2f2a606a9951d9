package io.assay.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The runnable jar, as a process. Processes end with this one, whichever way a test went. */
final class Java {

  /** Where Maven has put it by the time that these tests run. */
  private static final Path JAR = Path.of("..", "launcher", "target", "assay-runnable.jar");

  private Java() {}

  static Process start(
      List<String> options, List<String> arguments, Map<String, String> environment, Path log) {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException(JAR + " is missing: package the launcher first");
    }
    var words = new ArrayList<String>();
    words.add(ProcessHandle.current().info().command().orElseThrow());
    words.addAll(options);
    words.add("--sun-misc-unsafe-memory-access=allow");
    words.addAll(List.of("-jar", JAR.toAbsolutePath().normalize().toString()));
    words.addAll(arguments);
    var builder =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("ASSAY_"));
    builder.environment().put("AXONIQ_UPDATE_CHECKER_DISABLED", "true");
    builder.environment().putAll(environment);
    try {
      var process = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "kill"));
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end, and answers what it said; its exit code is {@code expected}. */
  static String run(int expected, List<String> arguments, Map<String, String> environment)
      throws IOException, InterruptedException {
    var log = Files.createTempFile("assay", ".log");
    try {
      var options = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
      int code = start(options, arguments, environment, log).waitFor();
      var said = Files.readString(log);
      if (code != expected) {
        throw new AssertionError(arguments + " ended with " + code + ":\n" + said);
      }
      return said;
    } finally {
      Files.delete(log);
    }
  }
}
