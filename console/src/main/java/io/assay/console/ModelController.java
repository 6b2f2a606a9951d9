package io.assay.console;

import io.assay.client.lineage.AuditApi;
import io.assay.client.registry.DeploymentsApi;
import io.assay.client.registry.ModelVersionsApi;
import io.assay.client.registry.ModelsApi;
import io.assay.client.registry.PromotionsApi;
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

/** A model: its versions, promotions and deployments, and its trail. */
@Controller("/console/models")
@Secured(Pages.ANYBODY)
@ExecuteOn(TaskExecutors.BLOCKING)
class ModelController {

  private static final int SHOWN = 100;

  private final Pages pages;
  private final Visit visit;

  ModelController(Pages pages, Visit visit) {
    this.pages = pages;
    this.visit = visit;
  }

  @Get("/{model}")
  HttpResponse<String> model(HttpRequest<?> request, @PathVariable String model) {
    var session = visit.session(request);
    var caller = visit.caller(session);
    var found = Objects.requireNonNull(caller.client(ModelsApi.class).getModel(model, null).body());
    var id = found.getId().toString();
    return pages.show(
        "model",
        Map.of(
            "shell",
            Shell.of(found.getName(), Shell.Tab.OVERVIEW, session),
            "model",
            found,
            "versions",
            Visit.part(
                () ->
                    caller
                        .client(ModelVersionsApi.class)
                        .listModelVersions(id, SHOWN, null, null)
                        .getItems()),
            "promotions",
            Visit.part(
                () ->
                    caller
                        .client(PromotionsApi.class)
                        .listPromotions(null, null, id, SHOWN, null, null)
                        .getItems()),
            "deployments",
            Visit.part(
                () ->
                    caller
                        .client(DeploymentsApi.class)
                        .listDeployments(null, null, id, null, SHOWN, null, null)
                        .getItems()),
            "trail",
            Visit.part(
                () ->
                    caller
                        .client(AuditApi.class)
                        .listAuditEvents(
                            "model:" + id, null, null, null, null, null, SHOWN, null, null)
                        .getItems())));
  }
}
