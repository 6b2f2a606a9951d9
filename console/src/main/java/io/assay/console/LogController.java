package io.assay.console;

import io.assay.client.lineage.LogApi;
import io.assay.client.lineage.model.LogVerification;
import io.assay.client.lineage.model.LogVerificationState;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Has the log verified and shows how far that is; as a piece of the page for htmx, as pages of
 * their own without script.
 */
@Controller(LogController.PATH)
@Secured(Pages.ANYBODY)
@ExecuteOn(TaskExecutors.BLOCKING)
public class LogController {

  static final String PATH = "/console/log/verifications";

  /** Most logs are verified in less; who has to wait longer sees how far it is. */
  private static final int WAIT_SECONDS = 2;

  private static final int SHOWN = 50;

  private final Pages pages;
  private final Visit visit;

  LogController(Pages pages, Visit visit) {
    this.pages = pages;
    this.visit = visit;
  }

  @Post
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  HttpResponse<String> verify(HttpRequest<?> request, @Body Map<String, String> form) {
    var session = visit.session(request, form.get("form"));
    var verification =
        visit.caller(session).client(LogApi.class).verifyLog(WAIT_SECONDS).getBody().orElseThrow();
    return isForPiece(request)
        ? piece(verification)
        : HttpResponse.seeOther(URI.create(PATH + "/" + verification.getId()));
  }

  @Get("/{id}")
  HttpResponse<String> verification(HttpRequest<?> request, @PathVariable UUID id) {
    var session = visit.session(request);
    var verification = visit.caller(session).client(LogApi.class).getLogVerification(id);
    return isForPiece(request)
        ? piece(verification)
        : pages.show(
            "verification",
            Map.of(
                "shell",
                Shell.of("Verification of the log", Shell.Tab.OVERVIEW, session),
                "verification",
                verification));
  }

  @Get
  HttpResponse<String> verifications(HttpRequest<?> request, @QueryValue @Nullable String cursor) {
    var session = visit.session(request);
    var page = visit.caller(session).client(LogApi.class).listLogVerifications(SHOWN, cursor);
    return pages.show(
        "verifications",
        Map.of(
            "shell",
            Shell.of("Verifications of the log", Shell.Tab.OVERVIEW, session),
            "verifications",
            page.getItems(),
            "next",
            page.getNext() == null ? "" : page.getNext()));
  }

  /** Whether there is more to come of it. */
  public static boolean goesOn(LogVerification verification) {
    return verification.getState() == LogVerificationState.WAITING
        || verification.getState() == LogVerificationState.RUNNING;
  }

  /** How it stands, in a word. */
  public static String standing(LogVerification verification) {
    return switch (verification.getState()) {
      case ENDED -> verification.getVerified() ? "verified" : "not verified";
      case WAITING, RUNNING, FAILED -> verification.getState().getValue();
    };
  }

  private HttpResponse<String> piece(LogVerification verification) {
    return pages.show("tags/verification", Map.of("verification", verification));
  }

  private static boolean isForPiece(HttpRequest<?> request) {
    return request.getHeaders().contains("HX-Request");
  }
}
