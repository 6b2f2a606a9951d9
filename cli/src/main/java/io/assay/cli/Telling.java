package io.assay.cli;

import io.assay.cli.Api.Answer;
import java.io.PrintStream;

/** Tells the demonstration: one readable line a step, who, what, and what was answered. */
final class Telling {

  private final PrintStream out;
  private int steps;

  Telling(PrintStream out) {
    this.out = out;
  }

  void chapter(String title) {
    out.println();
    out.println(title);
    out.flush();
  }

  /** A step that is as it should be. */
  void step(String who, String what, String answered) {
    steps++;
    out.printf("  %-21s %-58s → %s%n", who, what, answered);
    out.flush();
  }

  /** What belongs to the step above. */
  void detail(String line) {
    out.printf("  %-21s   %s%n", "", line);
    out.flush();
  }

  void say(String line) {
    out.println(line);
    out.flush();
  }

  int steps() {
    return steps;
  }

  /** Refuses to go on where an answer is not the one that the road needs. */
  static Answer expect(Answer answer, int... statuses) {
    for (int status : statuses) {
      if (answer.status() == status) {
        return answer;
      }
    }
    throw new Failed("The road ends here: " + answer);
  }

  /** Refuses to go on where something is not as it should be. */
  static void require(boolean holds, String what, Answer answer) {
    if (!holds) {
      throw new Failed("The road ends here: expected that " + what + ", but " + answer);
    }
  }
}
