package io.assay.platform.health;

import io.assay.platform.view.Views;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.stream.Collectors;

/** Every view is running. How far behind it is does not count: readers say what they wait for. */
@Singleton
@Requires(beans = Views.class)
class ViewsReadiness implements Readiness {

  private final Views views;

  ViewsReadiness(Views views) {
    this.views = views;
  }

  @Override
  public String name() {
    return "views";
  }

  @Override
  public Optional<String> fault() {
    var stopped =
        views.progress().stream()
            .filter(view -> !view.running())
            .map(Views.Progress::view)
            .collect(Collectors.joining(", "));
    return stopped.isEmpty() ? Optional.empty() : Optional.of("Not running: " + stopped);
  }
}
