package io.assay.registry.requestpromotion;

import io.assay.platform.upstream.UpstreamInstances;
import io.assay.platform.upstream.Upstreams;
import io.micronaut.context.annotation.Factory;
import io.micronaut.discovery.ServiceInstanceList;
import jakarta.inject.Named;
import jakarta.inject.Singleton;

/** Where the client of policy sends its requests: to the instances that are ready, in turns. */
@Factory
final class PolicyAddresses {

  private static final String CLIENT = "assay-policy";

  @Singleton
  @Named(CLIENT)
  ServiceInstanceList policy(Upstreams upstreams) {
    return new UpstreamInstances(CLIENT, "policy", upstreams);
  }
}
