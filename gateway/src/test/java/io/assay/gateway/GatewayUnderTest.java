package io.assay.gateway;

import io.assay.platform.testing.TestIssuer;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.util.HashMap;
import java.util.Map;

/** A gateway on a free port, before one service that stands for all. */
final class GatewayUnderTest {

  private GatewayUnderTest() {}

  static EmbeddedServer start(FakeService service, TestIssuer issuer, Map<String, ?> more) {
    var properties = new HashMap<String, Object>();
    properties.put("micronaut.server.port", -1);
    properties.put("assay.service", "gateway");
    for (var name : new String[] {"registry", "policy", "lineage", "console"}) {
      properties.put("assay.services." + name + ".url", service.url());
    }
    properties.putAll(issuer.properties());
    properties.putAll(more);
    return ApplicationContext.run(EmbeddedServer.class, properties, "gateway");
  }
}
