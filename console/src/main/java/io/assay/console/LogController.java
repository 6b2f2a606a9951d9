package io.assay.console;

import io.assay.client.lineage.LogApi;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.util.Map;

/** Has the log verified; as a piece of the page for htmx, as a page of its own without script. */
@Controller("/console/log")
@Secured(Pages.ANYBODY)
@ExecuteOn(TaskExecutors.BLOCKING)
class LogController {

  private final Pages pages;
  private final Visit visit;

  LogController(Pages pages, Visit visit) {
    this.pages = pages;
    this.visit = visit;
  }

  @Post("/verification")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  HttpResponse<String> verify(HttpRequest<?> request, @Body Map<String, String> form) {
    var session = visit.session(request, form.get("form"));
    var verification = visit.caller(session).client(LogApi.class).verifyLog();
    boolean piece = request.getHeaders().contains("HX-Request");
    return pages.show(
        piece ? "tags/verification" : "verification",
        piece
            ? Map.of("verification", verification)
            : Map.of(
                "shell",
                Shell.of("Verification of the log", Shell.Tab.OVERVIEW, session),
                "verification",
                verification));
  }
}
