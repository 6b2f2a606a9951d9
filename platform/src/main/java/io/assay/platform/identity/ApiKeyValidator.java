package io.assay.platform.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.assay.contracts.ApiKeyEvent.ApiKeyIssued;
import io.assay.contracts.ApiKeyEvent.ApiKeyRevoked;
import io.assay.contracts.Sha256;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
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

  /** How long a key's name is known: as much later its erasure is noticed. */
  private static final Duration NAMED = Duration.ofMinutes(1);

  /** What the log says of one key, without its name, which can be erased. */
  private record State(@Nullable Issued issued, boolean revoked) {

    private static final State UNKNOWN = new State(null, false);

    State evolve(RecordedEvent event) {
      return switch (event.event()) {
        case ApiKeyIssued e ->
            new State(
                new Issued(
                    event.id(),
                    event.recordedAt(),
                    e.issuer(),
                    e.scopes(),
                    e.readOnly(),
                    e.secretDigest(),
                    e.expiresAt()),
                false);
        case ApiKeyRevoked e -> new State(issued, true);
        default -> this;
      };
    }
  }

  private record Issued(
      UUID event,
      Instant at,
      String issuer,
      List<String> scopes,
      boolean readOnly,
      Sha256 secretDigest,
      Instant expiresAt) {}

  private final EventLog log;
  private final EntityCache keys;
  private final Cache<UUID, String> names;
  private final ApiKeyUses uses;
  private final Clock clock;
  private final Scheduler scheduler;

  ApiKeyValidator(
      EventLog log,
      ApiKeyUses uses,
      Clock clock,
      @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
    this.log = log;
    this.keys = new EntityCache(log, CACHED);
    this.names =
        Caffeine.newBuilder()
            .maximumSize(CACHED)
            .expireAfterWrite(NAMED)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .build();
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
    if (issued == null || !key.matches(issued.secretDigest())) {
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
            names.get(issued.event(), event -> name(event, key)),
            "azp",
            key.toString(),
            Credential.ATTRIBUTE,
            new Credential(
                Credential.Kind.API_KEY,
                key.workspace(),
                issued.issuer(),
                issued.readOnly(),
                issued.at())));
  }

  /** Its name as the log has it now; its id, once that is erased. */
  private String name(UUID event, ApiKey key) {
    return log.event(event)
        .map(RecordedEvent::event)
        .map(issued -> issued instanceof ApiKeyIssued named ? named.name() : null)
        .orElseGet(key::toString);
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
