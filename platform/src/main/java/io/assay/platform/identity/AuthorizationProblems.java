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
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Answers who is refused at the door: 401 where nobody known asks, 404 where there is no route, and
 * 403 where the role is missing, which is recorded before it is answered.
 */
@Singleton
@Replaces(DefaultAuthorizationExceptionHandler.class)
class AuthorizationProblems
    implements ExceptionHandler<AuthorizationException, MutableHttpResponse<?>> {

  private final DoorRefusals refusals;

  AuthorizationProblems(DoorRefusals refusals) {
    this.refusals = refusals;
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
      return Unauthenticated.rejection(request);
    }
    var route = RouteAttributes.getRouteMatch(request);
    if (route.isEmpty()) {
      return Rejection.of("no-such-route", "Nothing answers at " + request.getPath() + ".");
    }
    var roles = List.of(route.get().getAnnotationMetadata().stringValues(Secured.class));
    try {
      refusals.record(request, roles);
    } catch (ProblemException e) {
      return e.rejection();
    }
    return Rejection.roleMissing(roles);
  }
}
