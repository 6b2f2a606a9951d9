package io.assay.platform.identity;

import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.ProblemResponses;
import io.assay.platform.problem.Rejection;
import io.micronaut.context.annotation.Executable;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.AuthorizationException;
import io.micronaut.security.authentication.DefaultAuthorizationExceptionHandler;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteMatch;
import io.micronaut.web.router.UriRouteMatch;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers who is refused at the door: 401 where nobody known asks, 404 where there is no route, and
 * 403 where the role is missing, which is recorded before it is answered.
 */
@Singleton
@Replaces(DefaultAuthorizationExceptionHandler.class)
class AuthorizationProblems
    implements ExceptionHandler<AuthorizationException, MutableHttpResponse<?>> {

  private static final Logger LOG = LoggerFactory.getLogger(AuthorizationProblems.class);

  private final Optional<Provider<Invocations>> invocations;
  private final Optional<Provider<RefusalRecorder>> recorder;

  AuthorizationProblems(
      Optional<Provider<Invocations>> invocations, Optional<Provider<RefusalRecorder>> recorder) {
    this.invocations = invocations;
    this.recorder = recorder;
  }

  @Override
  @Executable
  @ExecuteOn(TaskExecutors.BLOCKING)
  @SuppressWarnings("rawtypes")
  public MutableHttpResponse<?> handle(HttpRequest request, AuthorizationException exception) {
    return ProblemResponses.of(request, rejection(request, exception));
  }

  private Rejection rejection(HttpRequest<?> request, AuthorizationException exception) {
    if (!exception.isForbidden()) {
      return Rejection.unauthenticated("Send Authorization: Bearer with a valid access token.");
    }
    var route = RouteAttributes.getRouteMatch(request);
    if (route.isEmpty()) {
      return Rejection.of("no-such-route", "Nothing answers at " + request.getPath() + ".");
    }
    var roles = List.of(route.get().getAnnotationMetadata().stringValues(Secured.class));
    try {
      record(request, path(request, route.get()), roles);
    } catch (ProblemException e) {
      return e.rejection();
    }
    return Rejection.roleMissing(roles);
  }

  private void record(HttpRequest<?> request, String route, List<String> roles) {
    if (invocations.isEmpty() || recorder.isEmpty()) {
      return;
    }
    var invocation = invocations.get().get().current(request);
    try {
      recorder.get().get().accessRefused(invocation, route, roles);
    } catch (RuntimeException e) {
      LOG.error("A refusal is answered and not recorded: {}", route, e);
    }
  }

  private static String path(HttpRequest<?> request, RouteMatch<?> route) {
    return request.getMethodName()
        + ' '
        + (route instanceof UriRouteMatch<?, ?> uri
            ? uri.getRouteInfo().getUriMatchTemplate().toPathString()
            : request.getPath());
  }
}
