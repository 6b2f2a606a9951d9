package io.assay.platform.identity;

import io.assay.contracts.ApiKeyEvent.ApiKeyIssued;
import io.assay.contracts.ApiKeyEvent.ApiKeyRevoked;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EntityCache;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.apikey.ApiKey;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.token.validator.TokenValidator;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Admits an API key by what the log says of it at this moment: a revocation holds from the next
 * request on, in every process, and no process keeps an answer.
 *
 * <p>Refuses with 401 a key that is mistyped, unknown, revoked or expired. Why, it says only to
 * whom has the secret.
 */
@Singleton
@Requires(beans = {IdentityConfiguration.class, EventLog.class, ApiKeyUses.class})
class ApiKeyValidator implements TokenValidator<HttpRequest<?>> {

  /** Enough that each key in use is read from the log once; forgeries push out only one another. */
  private static final int CACHED = 10_000;

  /** What the log says of one key. */
  private record State(@Nullable ApiKeyIssued issued, @Nullable Instant since, boolean revoked) {

    private static final State UNKNOWN = new State(null, null, false);

    State evolve(RecordedEvent event) {
      return switch (event.event()) {
        case ApiKeyIssued e -> new State(e, event.recordedAt(), false);
        case ApiKeyRevoked e -> new State(issued, since, true);
        default -> this;
      };
    }
  }

  private final EntityCache keys;
  private final ApiKeyUses uses;
  private final Clock clock;
  private final Scheduler scheduler;

  ApiKeyValidator(
      EventLog log,
      ApiKeyUses uses,
      Clock clock,
      @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
    this.keys = new EntityCache(log, CACHED);
    this.uses = uses;
    this.clock = clock;
    this.scheduler = Schedulers.fromExecutorService(blocking);
  }

  @Override
  public Publisher<Authentication> validateToken(String token, @Nullable HttpRequest<?> request) {
    return ApiKey.isMeant(token)
        ? Mono.fromCallable(() -> authentication(token)).subscribeOn(scheduler)
        : Mono.empty();
  }

  private Authentication authentication(String presented) {
    var key = ApiKey.parse(presented).orElseThrow(ApiKeyValidator::mistyped);
    var query =
        Query.of(key.workspace(), Criterion.of(key.id().tag(), "ApiKeyIssued", "ApiKeyRevoked"));
    var state = keys.current(query, State.class, State.UNKNOWN, State::evolve).state();
    var issued = state.issued();
    if (issued == null || state.since() == null || !key.matches(issued.secretDigest())) {
      throw refused("No such API key was issued.");
    }
    if (state.revoked()) {
      throw refused("This API key was revoked.");
    }
    var now = clock.instant();
    if (!now.isBefore(issued.expiresAt())) {
      throw refused("This API key expired at " + issued.expiresAt() + ".");
    }
    uses.used(key.id(), now);
    var id = key.id().value().toString();
    return Authentication.build(
        id,
        issued.scopes(),
        Map.of(
            "iss",
            ApiKey.ISSUER,
            "sub",
            id,
            "preferred_username",
            issued.name() == null ? key.toString() : issued.name(),
            "azp",
            key.toString(),
            Credential.ATTRIBUTE,
            new Credential(
                Credential.Kind.API_KEY,
                key.workspace(),
                issued.issuer(),
                issued.readOnly(),
                state.since())));
  }

  /** 401: what was sent begins like a key and is none. */
  static ProblemException mistyped() {
    return refused(
        "This begins like an API key and is none: a character is missing, added or wrong.");
  }

  private static ProblemException refused(String detail) {
    return new ProblemException(Rejection.unauthenticated(detail));
  }
}
