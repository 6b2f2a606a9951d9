package io.assay.platform.health;

import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Tells those who send requests here to stop: once begun, the service is not ready, and answers all
 * the same until it is stopped.
 */
@Singleton
public final class Drain implements Readiness {

  private volatile boolean begun;

  public void begin() {
    begun = true;
  }

  @Override
  public String name() {
    return "serving";
  }

  @Override
  public Optional<String> fault() {
    return begun ? Optional.of("It is being stopped") : Optional.empty();
  }
}
