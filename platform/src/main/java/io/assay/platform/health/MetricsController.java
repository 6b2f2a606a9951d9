package io.assay.platform.health;

import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;

/**
 * The figures in Prometheus' text format. Without a token, hence only for this machine unless
 * {@code assay.metrics.access} says {@code anyone}.
 */
@Controller("/metrics")
@Secured(SecurityRule.IS_ANONYMOUS)
@Requires(beans = PrometheusMeterRegistry.class)
class MetricsController {

  private final PrometheusMeterRegistry registry;
  private final boolean anyone;

  MetricsController(
      PrometheusMeterRegistry registry, @Value("${assay.metrics.access:loopback}") String access) {
    this.registry = registry;
    this.anyone = access.equals("anyone");
  }

  @Get
  @Produces(MediaType.TEXT_PLAIN)
  String metrics(HttpRequest<?> request) {
    var address = request.getRemoteAddress().getAddress();
    if (!anyone && (address == null || !address.isLoopbackAddress())) {
      throw new ProblemException(
          Rejection.of("no-such-route", "Nothing answers at " + request.getPath() + "."));
    }
    return registry.scrape();
  }
}
