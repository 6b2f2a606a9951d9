package io.assay.gateway;

import io.assay.platform.health.Readiness;
import io.assay.platform.upstream.Upstreams;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Of each service that the public interfaces need, an instance is ready. */
@Singleton
class ServicesReadiness implements Readiness {

  private static final List<String> NEEDED = List.of("registry", "policy", "lineage");

  private final Upstreams upstreams;

  ServicesReadiness(Upstreams upstreams) {
    this.upstreams = upstreams;
  }

  @Override
  public String name() {
    return "services";
  }

  @Override
  public Optional<String> fault() {
    var missing = NEEDED.stream().filter(service -> !upstreams.isReady(service)).toList();
    return missing.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", missing));
  }
}
