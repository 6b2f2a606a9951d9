package io.assay.platform.identity;

import io.assay.platform.problem.ProblemException;
import io.micronaut.http.HttpRequest;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteMatch;
import io.micronaut.web.router.UriRouteMatch;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records who was refused at the door, before any rule of the domain was asked. */
@Singleton
class DoorRefusals {

  private static final Logger LOG = LoggerFactory.getLogger(DoorRefusals.class);

  private interface Recording {
    void by(RefusalRecorder recorder, Invocation invocation, String route);
  }

  private final Optional<Provider<Invocations>> invocations;
  private final Optional<Provider<RefusalRecorder>> recorder;

  DoorRefusals(
      Optional<Provider<Invocations>> invocations, Optional<Provider<RefusalRecorder>> recorder) {
    this.invocations = invocations;
    this.recorder = recorder;
  }

  /**
   * None of these roles is held.
   *
   * @throws ProblemException where the request is not even well-formed
   */
  void record(HttpRequest<?> request, List<String> anyOf) {
    record(request, (into, invocation, route) -> into.accessRefused(invocation, route, anyOf));
  }

  /**
   * Another rule is broken.
   *
   * @throws ProblemException where the request is not even well-formed
   */
  void record(HttpRequest<?> request, String rule) {
    record(request, (into, invocation, route) -> into.accessRefused(invocation, route, rule));
  }

  private void record(HttpRequest<?> request, Recording recording) {
    var match = RouteAttributes.getRouteMatch(request);
    if (match.isEmpty() || invocations.isEmpty() || recorder.isEmpty()) {
      return;
    }
    var route = path(request, match.get());
    var invocation = invocations.get().get().current(request);
    try {
      recording.by(recorder.get().get(), invocation, route);
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
