package io.assay.platform.identity;

import io.assay.platform.identity.GuardedOperations.Marks;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.ProblemResponses;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Filter;
import io.micronaut.http.filter.HttpServerFilter;
import io.micronaut.http.filter.ServerFilterChain;
import io.micronaut.http.filter.ServerFilterPhase;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.security.authentication.Authentication;
import jakarta.inject.Named;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Asks of the token what the operation's description marks, once it is known to be valid and of a
 * role that may: that the issuer still stands by it, and that its bearer proved himself lately; of
 * a program's credential, that it may do this at all.
 *
 * <p>Refuses where the issuer cannot be asked (503).
 */
@Filter(Filter.MATCH_ALL_PATTERN)
@Requires(beans = IdentityConfiguration.class)
class GuardFilter implements HttpServerFilter {

  private static final String BEARER = "Bearer ";

  private final GuardedOperations operations;
  private final CredentialRules credentials;
  private final DoorRefusals refusals;
  private final Optional<Introspection> introspection;
  private final Optional<StepUp> stepUp;
  private final Scheduler blocking;

  GuardFilter(
      GuardedOperations operations,
      CredentialRules credentials,
      DoorRefusals refusals,
      Optional<Introspection> introspection,
      Optional<StepUp> stepUp,
      @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
    this.operations = operations;
    this.credentials = credentials;
    this.refusals = refusals;
    this.introspection = introspection;
    this.stepUp = stepUp;
    this.blocking = Schedulers.fromExecutorService(blocking);
  }

  @Override
  public int getOrder() {
    return ServerFilterPhase.SECURITY.after();
  }

  /** Leaves the thread of the request only where there is anything to ask. */
  @Override
  public Publisher<MutableHttpResponse<?>> doFilter(
      HttpRequest<?> request, ServerFilterChain chain) {
    var marks = operations.of(request);
    var bearer = request.getUserPrincipal(Authentication.class);
    var credential = bearer.map(Credential::of).orElse(null);
    if (bearer.isEmpty() || credential == null && marks.equals(Marks.NONE)) {
      return chain.proceed(request);
    }
    return Mono.fromCallable(
            () ->
                Optional.<MutableHttpResponse<?>>ofNullable(
                    credential == null
                        ? check(request, marks, bearer.get())
                        : check(request, marks, credential)))
        .subscribeOn(blocking)
        .flatMap(
            refused ->
                refused.isPresent()
                    ? Mono.<MutableHttpResponse<?>>just(refused.get())
                    : Mono.<MutableHttpResponse<?>>from(chain.proceed(request)));
  }

  private @Nullable MutableHttpResponse<?> check(
      HttpRequest<?> request, Marks marks, Authentication bearer) {
    if (marks.introspect() && introspection.isPresent()) {
      try {
        introspection.get().check(token(request), bearer.getName());
      } catch (ProblemException e) {
        return ProblemResponses.of(request, e.rejection());
      }
    }
    if (marks.stepUp() && stepUp.isPresent() && !stepUp.get().isMet(bearer)) {
      var response = ProblemResponses.of(request, stepUp.get().rejection());
      response.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, stepUp.get().challenge());
      return response;
    }
    return null;
  }

  private @Nullable MutableHttpResponse<?> check(
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
