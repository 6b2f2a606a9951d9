package io.assay.gateway;

import io.assay.platform.health.Readiness;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The services that the public interfaces need are ready. */
@Singleton
class ServicesReadiness implements Readiness {

  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final List<String> NEEDED = List.of("registry", "policy", "lineage");

  private final Upstreams upstreams;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  ServicesReadiness(Upstreams upstreams) {
    this.upstreams = upstreams;
  }

  @Override
  public String name() {
    return "services";
  }

  @Override
  public Optional<String> fault() {
    var missing = new ArrayList<String>();
    for (var service : NEEDED) {
      if (!upstreams.at(service, "/health/ready").map(this::ready).orElse(false)) {
        missing.add(service);
      }
    }
    return missing.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", missing));
  }

  private boolean ready(URI address) {
    try {
      return http.send(
                  HttpRequest.newBuilder(address).timeout(TIMEOUT).build(),
                  BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
