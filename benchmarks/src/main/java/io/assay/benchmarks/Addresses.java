package io.assay.benchmarks;

import io.assay.launcher.Installation;
import java.net.URI;

/** Where an installation is reached. */
record Addresses(URI gateway, URI registry, URI policy, URI issuer) {

  /** One of this process, whose services are reached past the gateway too. */
  static Addresses of(Installation assay) {
    return new Addresses(
        assay.url(), assay.service("registry"), assay.service("policy"), assay.issuer());
  }

  /** One that is reached through its gateway. */
  static Addresses behind(URI gateway, URI issuer) {
    return new Addresses(gateway, gateway, gateway, issuer);
  }
}
