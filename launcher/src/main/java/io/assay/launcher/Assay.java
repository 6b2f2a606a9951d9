package io.assay.launcher;

import io.assay.cli.Failed;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. {@code test} and {@code bench} are the script's, which calls this. */
@Command(
    name = "assay",
    description = "The system of record for how machine-learning models reach production.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "  test   runs the whole test suite, as CI does",
      "",
      "ASSAY_DATA and ASSAY_PORT stand for --data and --port. With ASSAY_DATABASE_URL and",
      "ASSAY_DATABASE_PASSWORDS, up uses a PostgreSQL server of yours; see docs/operations.md."
    },
    subcommands = {
      Up.class,
      Down.class,
      Status.class,
      Token.class,
      Demo.class,
      Serve.class,
      Rehearse.class,
      ConfigCommand.class,
      RolesCommand.class,
      DatabaseCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Assay {

  private Assay() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  private static int run(String... arguments) {
    return new CommandLine(new Assay())
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              report(failure, command.getErr());
              return 1;
            })
        .execute(arguments.length == 0 ? new String[] {"help"} : arguments);
  }

  /** What a person can act on is one line; anything else is a defect, and shows where. */
  private static void report(Exception failure, PrintWriter err) {
    if (failure instanceof CannotStart || failure instanceof Failed) {
      err.println("assay: " + failure.getMessage());
    } else {
      failure.printStackTrace(err);
    }
    err.flush();
  }
}
