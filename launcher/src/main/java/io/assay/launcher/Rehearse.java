package io.assay.launcher;

import io.assay.cli.Demonstration;
import io.assay.cli.DevelopmentIssuer;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Starts everything over a folder of its own, plays the road and ends, while the virtual machine
 * writes down what it learns on the way: which classes are needed, and what is worth compiling.
 */
@Command(name = "rehearse", hidden = true, description = "Starts, plays the road, and ends.")
final class Rehearse implements Callable<Integer> {

  @Override
  public Integer call() throws Exception {
    var folder = Files.createTempDirectory("assay-rehearsal");
    try (var installation = Installation.start(folder, 0)) {
      var tokens =
          new DevelopmentIssuer(installation.issuer(), new DataFolder(folder).issuerSecretFile());
      var silence = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
      new Demonstration(installation.url(), tokens::token, silence).play();
    } finally {
      Trees.delete(folder);
    }
    return 0;
  }
}
