package io.assay.platform.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.token.validator.TokenValidator;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.net.MalformedURLException;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Validates bearer tokens in Micronaut Security's chain. It is the only validator there:
 * Micronaut's own, which leaves rules out in some configurations, is switched off.
 *
 * <p>The issuer's keys are cached; a token of a key that is not among them makes them be read
 * again, at most once a second. While the issuer is away those that were read go on for an hour;
 * where none were, the answer is 503, not 401.
 */
@Singleton
@Requires(beans = IdentityConfiguration.class)
class AccessTokenValidator implements TokenValidator<HttpRequest<?>> {

  private static final Logger LOG = LoggerFactory.getLogger(AccessTokenValidator.class);
  private static final int CONNECT_MILLIS = 2_000;
  private static final int READ_MILLIS = 5_000;
  private static final int KEY_SET_BYTES = 256 * 1024;
  private static final long REFRESH_TIMEOUT_MILLIS = 10_000;

  /** How long keys that were read go on while the issuer does not answer. */
  private static final long OUTAGE_MILLIS = 60 * 60 * 1_000;

  /** Between two readings of the keys that unknown key ids ask for. */
  private static final long LEAST_MILLIS_BETWEEN_READINGS = 1_000;

  private final AccessTokenRules rules;
  private final TokenRoles roles;
  private final Scheduler scheduler;

  AccessTokenValidator(
      IdentityConfiguration identity,
      TokenRoles roles,
      @Named(TaskExecutors.BLOCKING) ExecutorService blocking)
      throws MalformedURLException {
    var keys =
        JWKSourceBuilder.<SecurityContext>create(
                identity.jwksUrl().toURL(),
                new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, KEY_SET_BYTES))
            .cache(
                identity.jwksTtl().toMillis(),
                Math.min(REFRESH_TIMEOUT_MILLIS, identity.jwksTtl().toMillis() / 2))
            .refreshAheadCache(false)
            .rateLimited(Math.min(LEAST_MILLIS_BETWEEN_READINGS, identity.jwksTtl().toMillis() / 2))
            .retrying(true)
            .outageTolerant(OUTAGE_MILLIS)
            .build();
    this.rules =
        new AccessTokenRules(
            keys, identity.issuer(), identity.audience(), (int) identity.clockSkew().toSeconds());
    this.roles = roles;
    this.scheduler = Schedulers.fromExecutorService(blocking);
  }

  @Override
  public Publisher<Authentication> validateToken(String token, @Nullable HttpRequest<?> request) {
    return Mono.fromCallable(() -> authentication(token, Invocations.named(request)))
        .subscribeOn(scheduler);
  }

  /** The roles are those in the workspace that the request names. */
  private @Nullable Authentication authentication(String token, String workspace) {
    try {
      var claims = new LinkedHashMap<>(rules.check(token).getClaims());
      var held = roles.in(workspace, claims);
      claims.put(Invocations.WORKSPACES, List.copyOf(roles.workspaces(claims)));
      return Authentication.build(String.valueOf(claims.get("sub")), held, claims);
    } catch (ParseException | BadJOSEException | RateLimitReachedException e) {
      LOG.debug("A token is refused: {}", e.getMessage());
      return null;
    } catch (JOSEException e) {
      LOG.warn("The issuer's keys cannot be read: {}", e.getMessage());
      throw new ProblemException(
          Rejection.unavailable("Tokens cannot be checked, because the issuer does not answer."));
    }
  }
}
