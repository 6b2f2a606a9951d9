package io.assay.platform.identity;

import io.assay.platform.problem.Rejection;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.security.authentication.Authentication;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How, and how lately, its bearer must have proved himself for a token to approve (RFC 9470). Off
 * unless it is configured.
 */
@Singleton
@Requires(beans = StepUp.Configuration.class)
class StepUp {

  /**
   * What is asked.
   *
   * @param acrValues the levels of authentication that suffice, as the issuer spells them in {@code
   *     acr}; the weakest that suffices first
   * @param maxAge how long ago the bearer may have proved himself
   */
  @ConfigurationProperties("assay.identity.step-up")
  @Requires(property = "assay.identity.step-up.acr-values")
  record Configuration(List<String> acrValues, @Bindable(defaultValue = "5m") Duration maxAge) {}

  private final Configuration configuration;
  private final Duration skew;
  private final Clock clock;

  StepUp(Configuration configuration, IdentityConfiguration identity, Clock clock) {
    this.configuration = configuration;
    this.skew = identity.clockSkew();
    this.clock = clock;
  }

  boolean isMet(Authentication bearer) {
    var claims = bearer.getAttributes();
    return claims.get("acr") instanceof String level
        && configuration.acrValues().contains(level)
        && claims.get("auth_time") instanceof Number at
        && !Instant.ofEpochSecond(at.longValue())
            .isBefore(clock.instant().minus(configuration.maxAge()).minus(skew));
  }

  Rejection rejection() {
    return Rejection.of(
            "insufficient-authentication",
            "Prove who you are once more: this takes an authentication of level "
                + configuration.acrValues().getFirst()
                + " that is at most "
                + configuration.maxAge().toSeconds()
                + " seconds old.")
        .with("acrValues", String.join(" ", configuration.acrValues()))
        .with("maxAge", configuration.maxAge().toSeconds());
  }

  /** RFC 9470, section 3. */
  String challenge() {
    return "Bearer realm=\"assay\", error=\"insufficient_user_authentication\","
        + " error_description=\"A stronger or more recent authentication is required\","
        + " acr_values=\""
        + String.join(" ", configuration.acrValues())
        + "\", max_age=\""
        + configuration.maxAge().toSeconds()
        + '"';
  }
}
