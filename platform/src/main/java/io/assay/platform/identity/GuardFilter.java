package io.assay.platform.identity;

import io.assay.platform.identity.GuardedOperations.Marks;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.ProblemResponses;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.filter.ServerFilterPhase;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.authentication.Authentication;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks of the token what the operation's description marks, once it is known to be valid and of a
 * role that may: that the issuer still stands by it, and that its bearer proved himself lately; of
 * a program's credential, that it may do this at all.
 *
 * <p>Refuses where the issuer cannot be asked (503).
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Requires(beans = IdentityConfiguration.class)
class GuardFilter implements Ordered {

  private static final String BEARER = "Bearer ";

  private final GuardedOperations operations;
  private final CredentialRules credentials;
  private final DoorRefusals refusals;
  private final Optional<Introspection> introspection;
  private final Optional<StepUp> stepUp;

  GuardFilter(
      GuardedOperations operations,
      CredentialRules credentials,
      DoorRefusals refusals,
      Optional<Introspection> introspection,
      Optional<StepUp> stepUp) {
    this.operations = operations;
    this.credentials = credentials;
    this.refusals = refusals;
    this.introspection = introspection;
    this.stepUp = stepUp;
  }

  @Override
  public int getOrder() {
    return ServerFilterPhase.SECURITY.after();
  }

  @RequestFilter
  @ExecuteOn(TaskExecutors.BLOCKING)
  @Nullable HttpResponse<?> check(HttpRequest<?> request) {
    var marks = operations.of(request);
    var bearer = request.getUserPrincipal(Authentication.class);
    if (bearer.isEmpty()) {
      return null;
    }
    var credential = Credential.of(bearer.get());
    if (credential != null) {
      return check(request, marks, credential);
    }
    if (marks.equals(Marks.NONE)) {
      return null;
    }
    if (marks.introspect() && introspection.isPresent()) {
      try {
        introspection.get().check(token(request), bearer.get().getName());
      } catch (ProblemException e) {
        return ProblemResponses.of(request, e.rejection());
      }
    }
    if (marks.stepUp() && stepUp.isPresent() && !stepUp.get().isMet(bearer.get())) {
      var response = ProblemResponses.of(request, stepUp.get().rejection());
      response.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, stepUp.get().challenge());
      return response;
    }
    return null;
  }

  private @Nullable HttpResponse<?> check(
      HttpRequest<?> request, Marks marks, Credential credential) {
    var refusal = credentials.refusal(request, marks, credential).orElse(null);
    if (refusal == null) {
      return null;
    }
    try {
      if (refusal.status() == HttpStatus.FORBIDDEN.getCode()) {
        refusals.record(request, refusal.slug());
      }
      return ProblemResponses.of(request, refusal);
    } catch (ProblemException e) {
      return ProblemResponses.of(request, e.rejection());
    }
  }

  private static String token(HttpRequest<?> request) {
    var header = request.getHeaders().get(HttpHeaders.AUTHORIZATION);
    return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? header.substring(BEARER.length()).strip()
        : "";
  }
}
