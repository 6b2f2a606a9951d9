package io.assay.console;

import io.assay.client.lineage.LogApi;
import io.assay.client.lineage.model.Log;
import io.assay.client.registry.DeploymentsApi;
import io.assay.client.registry.ModelsApi;
import io.assay.client.registry.PromotionsApi;
import io.assay.client.registry.model.PolicyStanding;
import io.assay.client.registry.model.PromotionState;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.util.List;
import java.util.Map;

/** What there is, what waits, what is out of policy, and how the log stands. */
@Controller("/")
@Secured(Pages.ANYBODY)
@ExecuteOn(TaskExecutors.BLOCKING)
class OverviewController {

  private static final int SHOWN = 100;

  private final Pages pages;
  private final Visit visit;

  OverviewController(Pages pages, Visit visit) {
    this.pages = pages;
    this.visit = visit;
  }

  @Get
  HttpResponse<String> overview(HttpRequest<?> request) {
    var session = visit.session(request);
    var caller = visit.caller(session);
    Visit.Part<Log> log = Visit.part(() -> List.of(caller.client(LogApi.class).getLog(null)));
    return pages.show(
        "overview",
        Map.of(
            "shell",
            Shell.of("Overview", Shell.Tab.OVERVIEW, session),
            "models",
            Visit.part(
                () ->
                    caller.client(ModelsApi.class).listModels(null, SHOWN, null, null).getItems()),
            "waiting",
            Visit.part(
                () ->
                    caller
                        .client(PromotionsApi.class)
                        .listPromotions(PromotionState.PENDING, null, null, SHOWN, null, null)
                        .getItems()),
            "outOfPolicy",
            Visit.part(
                () ->
                    caller
                        .client(DeploymentsApi.class)
                        .listDeployments(
                            null, null, null, PolicyStanding.OUT_OF_POLICY, SHOWN, null, null)
                        .getItems()),
            "log",
            log));
  }
}
