package io.assay.platform.identity;

import io.assay.platform.http.ReadOnly;
import io.assay.platform.identity.GuardedOperations.Marks;
import io.assay.platform.problem.Rejection;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.web.router.RouteAttributes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What a program's credential may not do, whatever its roles.
 *
 * <p>Nothing that a person has to prove himself for, and nothing of what people are: no approval,
 * no activation, no API key. Of what is decided only while the issuer stands by a token: nothing by
 * an API key, whose issuer may have been dismissed since, which nobody here can know; by a workload
 * only with a token that is fresh, since its issuer cannot be asked.
 */
@Singleton
class CredentialRules {

  private static final String SLUG = "credential-not-allowed";
  private static final Set<HttpMethod> READS =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final Clock clock;
  private final Duration decisionAge;

  /**
   * @param decisionAge how old the token of a workload may be that asks for a promotion or a
   *     deployment
   */
  CredentialRules(
      Clock clock, @Value("${assay.identity.workload-decision-age:10m}") Duration decisionAge) {
    this.clock = clock;
    this.decisionAge = decisionAge;
  }

  /** Why the credential may not do this; empty where it may. */
  Optional<Rejection> refusal(HttpRequest<?> request, Marks marks, Credential credential) {
    if (marks.stepUp() || marks.peopleOnly()) {
      return refused("This takes a person. Neither an API key nor a workload does it.");
    }
    if (credential.readOnly() && !reads(request)) {
      return refused("This API key reads only.");
    }
    if (!marks.introspect()) {
      return Optional.empty();
    }
    return switch (credential.kind()) {
      case API_KEY ->
          refused(
              "An API key asks for no promotion and no deployment: use a token of the issuer, or of"
                  + " a trusted workload.");
      case WORKLOAD ->
          clock.instant().isAfter(credential.issuedAt().plus(decisionAge))
              ? Optional.of(
                  Rejection.unauthenticated(
                      "This takes a token that is at most "
                          + decisionAge.toSeconds()
                          + " seconds old: have the workload ask for a new one."))
              : Optional.empty();
    };
  }

  private static Optional<Rejection> refused(String detail) {
    return Optional.of(Rejection.of(SLUG, detail));
  }

  private static boolean reads(HttpRequest<?> request) {
    return READS.contains(request.getMethod())
        || RouteAttributes.getRouteMatch(request)
            .map(route -> route.getAnnotationMetadata().hasAnnotation(ReadOnly.class))
            .orElse(false);
  }
}
