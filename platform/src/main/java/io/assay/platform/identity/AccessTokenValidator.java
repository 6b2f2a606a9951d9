package io.assay.platform.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import io.assay.contracts.Sha256;
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
import java.net.MalformedURLException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.Collections;
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
 * Validates bearer tokens of our issuer in Micronaut Security's chain. API keys and the tokens of
 * workloads have validators of their own; Micronaut's, which leaves rules out in some
 * configurations, is switched off.
 *
 * <p>The issuer's keys are cached; a token of a key that is not among them makes them be read
 * again, at most once a second. While the issuer is away those that were read go on for an hour;
 * where none were, the answer is 503, not 401. A token that was checked is known by its digest,
 * with its bearer in the workspace that was named, for some seconds, and checked again only for its
 * time.
 */
@Singleton
@Requires(beans = IdentityConfiguration.class)
class AccessTokenValidator implements TokenValidator<HttpRequest<?>> {

  private static final Logger LOG = LoggerFactory.getLogger(AccessTokenValidator.class);
  private static final long REFRESH_TIMEOUT_MILLIS = 10_000;

  /** How long keys that were read go on while the issuer does not answer. */
  private static final long OUTAGE_MILLIS = 60 * 60 * 1_000;

  /** Between two readings of the keys that unknown key ids ask for. */
  private static final long LEAST_MILLIS_BETWEEN_READINGS = 1_000;

  /** How long a token that was checked is known: as much later a withdrawn key is noticed. */
  private static final Duration KNOWN = Duration.ofSeconds(5);

  private static final int MOST_KNOWN = 10_000;

  private record Known(JWTClaimsSet claims, Authentication bearer) {}

  /** By the digest of a token and the workspace that its request names. */
  private final Cache<Sha256, Known> checked;

  private final AccessTokenRules rules;
  private final TokenRoles roles;
  private final Workloads workloads;
  private final Scheduler scheduler;

  AccessTokenValidator(
      IdentityConfiguration identity,
      TokenRoles roles,
      Workloads workloads,
      @Named(TaskExecutors.BLOCKING) ExecutorService blocking)
      throws MalformedURLException {
    var keys =
        JWKSourceBuilder.<SecurityContext>create(
                identity.jwksUrl().toURL(), new IssuerDocuments(null, null))
            .cache(
                identity.jwksTtl().toMillis(),
                Math.min(REFRESH_TIMEOUT_MILLIS, identity.jwksTtl().toMillis() / 2))
            .refreshAheadCache(false)
            .rateLimited(Math.min(LEAST_MILLIS_BETWEEN_READINGS, identity.jwksTtl().toMillis() / 2))
            .retrying(true)
            .outageTolerant(OUTAGE_MILLIS)
            .build();
    this.checked =
        Caffeine.newBuilder()
            .maximumSize(MOST_KNOWN)
            .expireAfterWrite(identity.jwksTtl().compareTo(KNOWN) < 0 ? identity.jwksTtl() : KNOWN)
            .build();
    this.rules =
        new AccessTokenRules(
            keys, identity.issuer(), identity.audience(), (int) identity.clockSkew().toSeconds());
    this.roles = roles;
    this.workloads = workloads;
    this.scheduler = Schedulers.fromExecutorService(blocking);
  }

  @Override
  public Publisher<Authentication> validateToken(String token, @Nullable HttpRequest<?> request) {
    if (ApiKey.isMeant(token) || workloads.issuer(token).isPresent()) {
      return Mono.empty(); // of other validators
    }
    var workspace = Invocations.named(request);
    var digest = Sha256.of((token + '\n' + workspace).getBytes(StandardCharsets.UTF_8));
    var known = checked.getIfPresent(digest);
    return known != null && rules.isCurrent(known.claims())
        ? Mono.just(known.bearer())
        : Mono.fromCallable(() -> check(token, digest, workspace)).subscribeOn(scheduler);
  }

  private @Nullable Authentication check(String token, Sha256 digest, String workspace) {
    try {
      var claims = rules.check(token);
      var bearer = authentication(claims, workspace);
      checked.put(digest, new Known(claims, bearer));
      return bearer;
    } catch (ParseException | BadJOSEException | RateLimitReachedException e) {
      LOG.debug("A token is refused: {}", e.getMessage());
      return null;
    } catch (JOSEException e) {
      LOG.warn("The issuer's keys cannot be read: {}", e.getMessage());
      throw new ProblemException(
          Rejection.unavailable("Tokens cannot be checked, because the issuer does not answer."));
    }
  }

  /** The roles are those in the workspace that the request names. */
  private Authentication authentication(JWTClaimsSet checkedClaims, String workspace) {
    var claims = new LinkedHashMap<>(checkedClaims.getClaims());
    var held = roles.in(workspace, claims);
    claims.put(Invocations.WORKSPACES, List.copyOf(roles.workspaces(claims)));
    return Authentication.build(
        String.valueOf(claims.get("sub")), held, Collections.unmodifiableMap(claims));
  }
}
