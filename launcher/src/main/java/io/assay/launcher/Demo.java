package io.assay.launcher;

import io.assay.cli.Demonstration;
import java.net.URI;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts what is not up, plays the road, and leaves it running. */
@Command(
    name = "demo",
    description =
        "Plays the road from a dataset to a deployment on published data, and verifies the trail.",
    mixinStandardHelpOptions = true)
final class Demo implements Callable<Integer> {

  @Mixin private DataOption data = new DataOption();

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The public port where nothing is up yet (default: ${DEFAULT-VALUE}).",
      defaultValue = Up.PORT_DEFAULT)
  private int port;

  @Override
  public Integer call() {
    var folder = data.folder();
    DataFolder.State state;
    if (folder.isLocked()) {
      state = data.running();
    } else {
      var progress = new Progress(System.out);
      state = Detached.start(folder, port, false, progress);
    }
    new Demonstration(URI.create(state.url()), DevelopmentTokens.of(state, folder), System.out)
        .play();
    return 0;
  }
}
