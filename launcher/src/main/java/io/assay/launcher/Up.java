package io.assay.launcher;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts everything, and stays until it is stopped. */
@Command(
    name = "up",
    description = "Starts PostgreSQL and all services over a data folder.",
    mixinStandardHelpOptions = true)
final class Up implements Callable<Integer> {

  static final String PORT_DEFAULT = "${env:ASSAY_PORT:-8080}";

  @Mixin private DataOption data = new DataOption();

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The public port, 0 for any free one (default: ${DEFAULT-VALUE}).",
      defaultValue = PORT_DEFAULT)
  private int port;

  @Option(
      names = "--keycloak",
      description = "Starts Keycloak in the place of the development issuer.")
  private boolean keycloak;

  @Option(names = "--detach", description = "Returns once it is ready, and leaves it running.")
  private boolean detach;

  @Override
  public Integer call() throws Exception {
    var progress = new Progress(System.out);
    if (detach) {
      var state = Detached.start(data.folder(), port, keycloak, progress);
      Welcome.print(state, data.folder(), progress);
      return 0;
    }
    var folder = data.folder();
    var lockFree = !folder.isLocked();
    if (lockFree) {
      LogFile.redirectTo(folder);
    }
    progress.say("Starting Assay");
    var installation =
        Installation.start(
            folder.path(),
            port,
            keycloak ? KeycloakSoftware.archive() : null,
            Database.external(),
            progress);
    var stop = new Thread(installation::close, "stop");
    Runtime.getRuntime().addShutdownHook(stop);
    Welcome.print(folder.state().orElseThrow(), folder, progress);
    installation.await();
    return 0;
  }
}
