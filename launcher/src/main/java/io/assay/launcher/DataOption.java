package io.assay.launcher;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The data folder that a command is about. */
final class DataOption {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data folder (default: ${DEFAULT-VALUE}).",
      defaultValue = "${env:ASSAY_DATA:-${sys:assay.home:-.}/.assay}")
  private Path data = Path.of(".assay");

  DataFolder folder() {
    return new DataFolder(data);
  }

  /** The installation that runs over the folder. */
  DataFolder.State running() {
    var folder = folder();
    if (!folder.isLocked()) {
      throw new CannotStart("Nothing runs over " + folder.path() + ": `assay up` starts it.");
    }
    return folder
        .state()
        .orElseThrow(
            () -> new CannotStart("What runs over " + folder.path() + " is not ready yet."));
  }
}
