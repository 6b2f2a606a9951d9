package io.assay.launcher;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Supplier;

/** Says what is being done and how long it took, a line a step. */
final class Progress {

  private final PrintStream out;
  private final long started = System.nanoTime();

  Progress(PrintStream out) {
    this.out = out;
  }

  <T> T step(String what, Supplier<T> work) {
    var from = System.nanoTime();
    var result = work.get();
    out.printf("  %-44s %5.1f s%n", what, seconds(from));
    out.flush();
    return result;
  }

  void say(String line) {
    out.println(line);
    out.flush();
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  private static double seconds(long from) {
    return (System.nanoTime() - from) / 1e9;
  }
}
