package io.assay.launcher;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints a bearer token of a development user, and nothing else. */
@Command(
    name = "token",
    description = "Prints a bearer token of a development user.",
    mixinStandardHelpOptions = true)
final class Token implements Callable<Integer> {

  @Mixin private DataOption data = new DataOption();

  @Parameters(paramLabel = "USER", description = "For example ml-engineer-1.")
  private String user = "";

  @Override
  public Integer call() {
    System.out.println(DevelopmentTokens.of(data.running(), data.folder()).apply(user));
    return 0;
  }
}
