package io.assay.benchmarks;

import io.assay.launcher.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder for the files of one run, which are gone after it. */
record Scratch(Path folder) implements AutoCloseable {

  /** A new folder in this one, which is made where there is none. */
  static Scratch in(Path parent) throws IOException {
    Files.createDirectories(parent);
    return new Scratch(Files.createTempDirectory(parent, "assay-bench"));
  }

  /** What was measured is worth more than a folder that is clean. */
  @Override
  public void close() {
    try {
      Trees.delete(folder);
    } catch (IOException e) {
      System.err.println("Left behind in " + folder + ": " + e.getMessage());
    }
  }
}
