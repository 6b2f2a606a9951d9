package io.assay.launcher;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stops what runs over a data folder; the data stays. */
@Command(
    name = "down",
    description = "Stops all services and PostgreSQL; the data stays.",
    mixinStandardHelpOptions = true)
final class Down implements Callable<Integer> {

  private static final long STOP_SECONDS = 90;

  @Mixin private DataOption data = new DataOption();

  @Override
  public Integer call() throws InterruptedException {
    var folder = data.folder();
    if (!folder.isLocked()) {
      Keycloak.stopLeftBehind(folder); // of one that was killed
      System.out.println("Nothing runs over " + folder.path() + ".");
      return 0;
    }
    var pid = data.running().pid();
    var process =
        ProcessHandle.of(pid)
            .orElseThrow(() -> new CannotStart("The process " + pid + " is not to be seen."));
    process.destroy();
    try {
      process.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new CannotStart(
          "The process "
              + pid
              + " is still there after "
              + STOP_SECONDS
              + " s: see "
              + folder.logs());
    }
    System.out.println("Assay is down; its data is in " + folder.path() + ".");
    return 0;
  }
}
