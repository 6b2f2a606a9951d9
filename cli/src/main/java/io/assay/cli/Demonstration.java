package io.assay.cli;

import java.io.PrintStream;
import java.net.URI;
import java.util.function.Function;

/** The road from a dataset to a deployment. */
public final class Demonstration {
  private final PrintStream out;

  public Demonstration(URI gateway, Function<String, String> tokens, PrintStream out) {
    this.out = out;
  }

  public void play() {
    out.println("nothing yet");
  }
}
