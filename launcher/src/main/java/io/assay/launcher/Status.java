package io.assay.launcher;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Says whether an installation runs over a data folder, and whether it is ready. Exit code 3: no.
 */
@Command(
    name = "status",
    description = "Says what runs over the data folder, and whether it is ready.",
    mixinStandardHelpOptions = true)
final class Status implements Callable<Integer> {

  private static final int NOT_RUNNING = 3;

  @Mixin private DataOption data = new DataOption();

  @Override
  public Integer call() throws InterruptedException {
    var folder = data.folder();
    if (!folder.isLocked()) {
      System.out.println("Down. Data folder: " + folder.path());
      return NOT_RUNNING;
    }
    var state = data.running();
    var ready = isReady(state.url());
    System.out.println(
        (ready ? "Up and ready: " : "Up, not ready: ")
            + state.url()
            + " (process "
            + state.pid()
            + ")."
            + (state.keycloak() ? " Keycloak: " + state.issuer() + "." : "")
            + " Data folder: "
            + folder.path());
    return ready ? 0 : NOT_RUNNING;
  }

  private static boolean isReady(String url) throws InterruptedException {
    try (var client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
      var request =
          HttpRequest.newBuilder(URI.create(url + "/health/ready"))
              .timeout(Duration.ofSeconds(10))
              .build();
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
