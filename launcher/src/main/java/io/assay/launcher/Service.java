package io.assay.launcher;

import io.assay.contracts.Writer;
import io.assay.eventlog.LogMigrations;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What can be started, alone or together. */
enum Service {
  /** Speaks the claims of the real issuer, for the development users. */
  DEV_ISSUER(8085, Map.of()),
  POLICY(8082, Map.of("default", Writer.POLICY.role())),
  REGISTRY(8081, Map.of("default", Writer.REGISTRY.role())),
  LINEAGE(8083, Map.of("default", Writer.LINEAGE.role(), "audit", LogMigrations.AUDIT)),
  CONSOLE(8084, Map.of()),
  /** The only public one. */
  GATEWAY(8080, Map.of());

  private final int defaultPort;
  private final Map<String, String> roles;

  Service(int defaultPort, Map<String, String> roles) {
    this.defaultPort = defaultPort;
    this.roles = roles;
  }

  /** Where it listens as a process of its own, unless said. */
  int defaultPort() {
    return defaultPort;
  }

  /** Its database roles, by the name of the data source. */
  Map<String, String> roles() {
    return roles;
  }

  /** Its name on the command line and in {@code assay.service}. */
  String spelling() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Service of(String spelling) {
    return Stream.of(values())
        .filter(service -> service.spelling().equals(spelling))
        .findFirst()
        .orElseThrow(
            () ->
                new CannotStart(
                    "There is no service "
                        + spelling
                        + ": it is one of "
                        + Stream.of(values())
                            .map(Service::spelling)
                            .collect(Collectors.joining(", "))
                        + "."));
  }
}
