package io.assay.console;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a token that is about to run out replaced, so that who reads on stays signed in. */
@ServerFilter(patterns = {"/", "/console/**"})
@Requires(beans = OpenIdSignIn.class)
class SessionFilter {

  private static final Logger LOG = LoggerFactory.getLogger(SessionFilter.class);
  private static final Duration MARGIN = Duration.ofSeconds(30);
  private static final String FRESH = "assay.tokens";

  private final OpenIdSignIn issuer;
  private final Clock clock = Clock.systemUTC();

  SessionFilter(OpenIdSignIn issuer) {
    this.issuer = issuer;
  }

  @RequestFilter
  @ExecuteOn(TaskExecutors.BLOCKING)
  void refresh(HttpRequest<?> request) {
    var session = Session.of(request);
    var refresh = Tokens.refreshOf(request);
    if (refresh.isEmpty()
        || session.isPresent() && session.get().livesAt(clock.instant().plus(MARGIN))) {
      return;
    }
    try {
      issuer
          .refresh(refresh.get())
          .ifPresent(
              tokens -> {
                request.setAttribute(FRESH, tokens);
                Session.of(tokens.access()).ifPresent(fresh -> fresh.serve(request));
              });
    } catch (OpenIdSignIn.Failed e) {
      LOG.warn("A token cannot be replaced: {}", e.getMessage()); // the old one lives to its end
    }
  }

  /** Unless the answer says otherwise: who signs out is not signed in again. */
  @ResponseFilter
  void keep(HttpRequest<?> request, MutableHttpResponse<?> response) {
    request
        .getAttribute(FRESH, Tokens.class)
        .filter(tokens -> response.getCookies().findCookie(Session.COOKIE).isEmpty())
        .ifPresent(tokens -> tokens.keep(response, request.isSecure()));
  }
}
