package io.assay.console;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs people in: at the OpenID issuer where one is configured, as development users where the
 * development issuer is on; and everybody out.
 */
@Controller
@Secured(Pages.ANYBODY)
@ExecuteOn(TaskExecutors.BLOCKING)
class SignInController {

  private static final Logger LOG = LoggerFactory.getLogger(SignInController.class);

  /** Where people sign in at an issuer, nobody does without. */
  private static final Optional<String> NOBODY = Optional.empty();

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  private final Pages pages;
  private final Visit visit;
  private final DevelopmentSignIn development;

  private final @Nullable OpenIdSignIn issuer;
  private final @Nullable OpenIdConfiguration openId;

  SignInController(
      Pages pages,
      Visit visit,
      DevelopmentSignIn development,
      @Nullable OpenIdSignIn issuer,
      @Nullable OpenIdConfiguration openId) {
    this.pages = pages;
    this.visit = visit;
    this.development = development;
    this.issuer = issuer;
    this.openId = openId;
  }

  @Get("/console/sign-in")
  HttpResponse<String> page() {
    return page(List.of());
  }

  @Post("/console/sign-in")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  HttpResponse<?> signIn(HttpRequest<?> request, @Body Map<String, String> form) {
    return (issuer == null ? development.token(form.getOrDefault("user", "")) : NOBODY)
        .flatMap(Session::of)
        .<HttpResponse<?>>map(
            session ->
                HttpResponse.seeOther(URI.create("/")).cookie(session.cookie(request.isSecure())))
        .orElseGet(() -> page(List.of("Nobody of that name can sign in here.")));
  }

  /**
   * Sends the browser to the issuer.
   *
   * @param to the page to come back to
   * @param acr the levels of authentication that are asked for
   * @param age how many seconds ago the person may have proved himself
   */
  @Get("/console/sign-in/start")
  HttpResponse<?> start(
      HttpRequest<?> request,
      @QueryValue @Nullable String to,
      @QueryValue @Nullable String acr,
      @QueryValue @Nullable String age) {
    if (issuer == null || openId == null) {
      return HttpResponse.seeOther(URI.create("/console/sign-in"));
    }
    if (isAnotherSpelling(request.getHeaders().get("Host"), openId.url())) {
      // The issuer leads back to one address only, and a cookie belongs to the address it is from.
      return HttpResponse.seeOther(openId.url().resolve(request.getUri().toString()));
    }
    var attempt = Attempt.to(to);
    try {
      return HttpResponse.seeOther(issuer.authorization(attempt, acr, age))
          .cookie(attempt.cookie(request.isSecure()))
          .header("Cache-Control", "no-store");
    } catch (OpenIdSignIn.Failed e) {
      return failed(e);
    }
  }

  /** Whether the loopback interface is called by another of its names. */
  private static boolean isAnotherSpelling(@Nullable String host, URI here) {
    return host != null
        && LOOPBACK.contains(here.getHost())
        && LOOPBACK.stream().anyMatch(name -> host.equals(name + ":" + here.getPort()))
        && !host.equals(here.getRawAuthority());
  }

  /** The issuer's answer, by way of the browser. */
  @Get("/console/sign-in/callback")
  HttpResponse<?> callback(
      HttpRequest<?> request,
      @QueryValue @Nullable String code,
      @QueryValue @Nullable String state,
      @QueryValue @Nullable String error,
      @QueryValue @Nullable String iss) {
    var attempt = Attempt.of(request, state);
    if (issuer == null || attempt.isEmpty() || iss != null && !issuer.isCalled(iss)) {
      return page(List.of("This sign-in was not begun here, or long ago. Begin again."));
    }
    if (error != null || code == null) {
      return page(List.of("The issuer did not sign you in" + (error == null ? "." : ": " + error)));
    }
    try {
      var tokens = issuer.exchange(attempt.get(), code);
      if (!tokens.fits()) { // the browser would drop it, and be led to sign in for ever
        return page(
            List.of(
                "Your token is larger than a browser keeps. Ask your administrator to have the"
                    + " issuer put fewer roles and groups into tokens for the console."));
      }
      // A page, not a redirect: after one that another site began, the cookies would be missing.
      var answer = pages.show("signedin", Map.of("to", attempt.get().to()));
      answer.cookie(Attempt.ended(request.isSecure()));
      tokens.keep(answer, request.isSecure());
      return answer;
    } catch (OpenIdSignIn.Failed e) {
      return failed(e);
    }
  }

  @Post("/console/sign-out")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  HttpResponse<?> signOut(HttpRequest<?> request, @Body Map<String, String> form) {
    visit.session(request, form.get("form"));
    var answer = HttpResponse.seeOther(afterSignOut(request));
    Tokens.end(answer, request.isSecure());
    return answer;
  }

  private URI afterSignOut(HttpRequest<?> request) {
    var here = URI.create("/console/sign-in");
    if (issuer == null) {
      return here;
    }
    try {
      return issuer.endSession(Tokens.identityOf(request).orElse(null)).orElse(here);
    } catch (OpenIdSignIn.Failed e) {
      LOG.warn("The issuer signs nobody out: {}", e.getMessage());
      return here;
    }
  }

  private HttpResponse<String> failed(OpenIdSignIn.Failed failure) {
    LOG.warn("A sign-in failed", failure);
    return page(List.of(failure.getMessage() + "."));
  }

  private HttpResponse<String> page(List<String> faults) {
    return pages.show(
        "signin",
        Map.of(
            "shell",
            Shell.of("Sign in", Shell.Tab.NONE, null),
            "users",
            development.users(),
            "issuer",
            issuer != null,
            "faults",
            faults));
  }
}
