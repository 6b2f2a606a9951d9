package io.assay.console;

import io.assay.client.registry.DeploymentsApi;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** A deployment: how it stands, and what the policy in force says of it. */
@Controller("/console/deployments")
@Secured(Pages.ANYBODY)
@ExecuteOn(TaskExecutors.BLOCKING)
class DeploymentController {

  private final Pages pages;
  private final Visit visit;

  DeploymentController(Pages pages, Visit visit) {
    this.pages = pages;
    this.visit = visit;
  }

  @Get("/{deployment}")
  HttpResponse<String> deployment(HttpRequest<?> request, @PathVariable UUID deployment) {
    var session = visit.session(request);
    var found =
        Objects.requireNonNull(
            visit
                .caller(session)
                .client(DeploymentsApi.class)
                .getDeployment(deployment, null)
                .body());
    return pages.show(
        "deployment",
        Map.of(
            "shell",
            Shell.of(
                "%s v%d in %s"
                    .formatted(
                        found.getModelName(), found.getVersionNumber(), found.getEnvironment()),
                Shell.Tab.OVERVIEW,
                session),
            "deployment",
            found));
  }
}
