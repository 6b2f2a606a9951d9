package io.assay.gateway;

import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where the services are: {@code assay.services.<name>.url}. */
@Singleton
class Upstreams {

  private final Map<String, String> addresses;

  Upstreams(@Property(name = "assay.services") Map<String, Object> services) {
    var found = new TreeMap<String, String>();
    services.forEach(
        (name, value) -> {
          if (name.endsWith(".url")) {
            found.put(name.substring(0, name.length() - ".url".length()), value.toString());
          } else if (value instanceof Map<?, ?> members && members.get("url") != null) {
            found.put(name, members.get("url").toString());
          }
        });
    this.addresses = Map.copyOf(found);
  }

  /** The address of a request's target at a service. */
  Optional<URI> at(String service, String target) {
    return Optional.ofNullable(addresses.get(service)).map(base -> URI.create(base + target));
  }

  Map<String, String> addresses() {
    return addresses;
  }
}
