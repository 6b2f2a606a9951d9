package io.assay.console;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** Signs development users in, where the development issuer is on; and everybody out. */
@Controller
@Secured(Pages.ANYBODY)
@ExecuteOn(TaskExecutors.BLOCKING)
class SignInController {

  private final Pages pages;
  private final Visit visit;
  private final DevelopmentSignIn development;

  SignInController(Pages pages, Visit visit, DevelopmentSignIn development) {
    this.pages = pages;
    this.visit = visit;
    this.development = development;
  }

  @Get("/console/sign-in")
  HttpResponse<String> page() {
    return page(List.of());
  }

  @Post("/console/sign-in")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  HttpResponse<?> signIn(HttpRequest<?> request, @Body Map<String, String> form) {
    return development
        .token(form.getOrDefault("user", ""))
        .flatMap(Session::of)
        .<HttpResponse<?>>map(
            session ->
                HttpResponse.seeOther(URI.create("/")).cookie(session.cookie(request.isSecure())))
        .orElseGet(() -> page(List.of("Nobody of that name can sign in here.")));
  }

  @Post("/console/sign-out")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  HttpResponse<?> signOut(HttpRequest<?> request, @Body Map<String, String> form) {
    visit.session(request, form.get("form"));
    return HttpResponse.seeOther(URI.create("/console/sign-in"))
        .cookie(Session.ended(request.isSecure()));
  }

  private HttpResponse<String> page(List<String> faults) {
    return pages.show(
        "signin",
        Map.of(
            "shell",
            Shell.of("Sign in", Shell.Tab.NONE, null),
            "users",
            development.users(),
            "faults",
            faults));
  }
}
