package io.assay.platform.health;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says whether the process lives and whether it can answer; tells strangers nothing more. */
@Controller("/health")
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
class HealthController {

  private static final Logger LOG = LoggerFactory.getLogger(HealthController.class);
  private static final String UP = "UP";
  private static final String DOWN = "DOWN";

  private final List<Readiness> needs;

  HealthController(List<Readiness> needs) {
    this.needs = needs;
  }

  @Get("/live")
  Map<String, Object> live() {
    return Map.of("status", UP);
  }

  @Get("/ready")
  HttpResponse<Map<String, Object>> ready() {
    var checks = new LinkedHashMap<String, Object>();
    boolean up = true;
    for (var need : needs) {
      var there = there(need);
      checks.put(need.name(), there ? UP : DOWN);
      up &= there;
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", up ? UP : DOWN);
    body.put("checks", checks);
    return up
        ? HttpResponse.ok(body)
        : HttpResponse.<Map<String, Object>>status(503, "Not ready")
            .body(body)
            .header("Retry-After", "1");
  }

  private static boolean there(Readiness need) {
    try {
      var fault = need.fault();
      fault.ifPresent(reason -> LOG.info("Not ready: {}: {}", need.name(), reason));
      return fault.isEmpty();
    } catch (RuntimeException e) {
      LOG.info("Not ready: {}: {}", need.name(), e.toString());
      return false;
    }
  }
}
