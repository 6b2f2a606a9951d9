package io.assay.platform.upstream;

import io.micronaut.discovery.ServiceInstance;
import io.micronaut.discovery.ServiceInstanceList;
import java.util.List;

/** Lets Micronaut's declarative clients take turns among the instances that are ready. */
public final class UpstreamInstances implements ServiceInstanceList {

  private final String id;
  private final String service;
  private final Upstreams upstreams;

  /**
   * @param id of the client, as its annotation names it
   */
  public UpstreamInstances(String id, String service, Upstreams upstreams) {
    this.id = id;
    this.service = service;
    this.upstreams = upstreams;
  }

  @Override
  public String getID() {
    return id;
  }

  @Override
  public List<ServiceInstance> getInstances() {
    var all = upstreams.all(service);
    var ready = all.stream().filter(Upstream::ready).toList();
    return (ready.isEmpty() ? all : ready)
        .stream().map(upstream -> ServiceInstance.of(id, upstream.at(""))).toList();
  }
}
