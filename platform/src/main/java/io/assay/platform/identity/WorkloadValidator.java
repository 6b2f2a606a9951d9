package io.assay.platform.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.token.validator.TokenValidator;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Admits workloads, by the rules of the issuer that their token names; their roles are those of all
 * rules that match in the workspace.
 *
 * <p>Refuses a token that is not genuine with 401, one that no rule knows with 403. Where the
 * issuer's keys cannot be had, the answer is 503.
 */
@Singleton
@Requires(beans = IdentityConfiguration.class)
class WorkloadValidator implements TokenValidator<HttpRequest<?>> {

  private static final Logger LOG = LoggerFactory.getLogger(WorkloadValidator.class);

  private final Workloads workloads;
  private final Scheduler scheduler;

  WorkloadValidator(Workloads workloads, @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
    this.workloads = workloads;
    this.scheduler = Schedulers.fromExecutorService(blocking);
  }

  @Override
  public Publisher<Authentication> validateToken(String token, @Nullable HttpRequest<?> request) {
    var issuer = workloads.issuer(token);
    var named = request == null ? null : request.getHeaders().get(Invocations.WORKSPACE_HEADER);
    return issuer.isEmpty()
        ? Mono.empty()
        : Mono.fromCallable(() -> authentication(issuer.get(), token, named))
            .subscribeOn(scheduler);
  }

  private static Authentication authentication(
      WorkloadIssuer issuer, String token, @Nullable String named) {
    try {
      return admitted(issuer, issuer.check(token), named);
    } catch (ParseException | BadJOSEException | RateLimitReachedException e) {
      LOG.debug("A token of the issuer {} is refused: {}", issuer.name(), e.getMessage());
      throw new ProblemException(
          Rejection.unauthenticated(
              "This token of a workload is not valid: expired, for another audience, too long-lived,"
                  + " or not signed by a key that its issuer publishes."));
    } catch (JOSEException e) {
      LOG.warn("The keys of the issuer {} cannot be read: {}", issuer.name(), e.getMessage());
      throw new ProblemException(
          Rejection.unavailable("Tokens cannot be checked, because the issuer does not answer."));
    }
  }

  /**
   * @param named the workspace that the request names; where it names none, that of the first rule
   *     that matches
   */
  private static Authentication admitted(
      WorkloadIssuer issuer, JWTClaimsSet claims, @Nullable String named) {
    var matching =
        issuer.rules().stream().filter(rule -> rule.matches(claims.getClaims())).toList();
    if (matching.isEmpty()) {
      throw new ProblemException(
          Rejection.of(
              "workload-unknown",
              "The issuer "
                  + issuer.name()
                  + " is trusted, but none of its rules matches the claims of this token."));
    }
    var workspace = matching.getFirst().workspace();
    if (matching.stream().anyMatch(rule -> rule.workspace().equals(named))) {
      workspace = String.valueOf(named);
    }
    var roles = new LinkedHashSet<String>();
    for (var rule : matching) {
      if (rule.workspace().equals(workspace)) {
        roles.addAll(rule.roles());
      }
    }
    var subject = claims.getSubject();
    return Authentication.build(
        subject,
        List.copyOf(roles),
        Map.of(
            "iss",
            issuer.issuer(),
            "sub",
            subject,
            "preferred_username",
            issuer.name() + ' ' + subject,
            "azp",
            "workload:" + issuer.name(),
            Credential.ATTRIBUTE,
            new Credential(
                Credential.Kind.WORKLOAD,
                workspace,
                null,
                false,
                claims.getIssueTime().toInstant())));
  }
}
