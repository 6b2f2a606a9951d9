package io.assay.platform.identity;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.bind.annotation.Bindable;
import java.net.URI;
import java.time.Duration;

/**
 * The issuer that is trusted.
 *
 * @param issuer the only value of {@code iss} that is accepted
 * @param jwksUrl where the issuer publishes its keys
 * @param audience what {@code aud} has to contain
 * @param jwksTtl how long a key that the issuer withdrew can still be accepted
 * @param clockSkew how far the issuer's clock may be off
 */
@ConfigurationProperties("assay.identity")
@Requires(property = "assay.identity.jwks-url")
public record IdentityConfiguration(
    String issuer,
    URI jwksUrl,
    @Bindable(defaultValue = "assay") String audience,
    @Bindable(defaultValue = "5m") Duration jwksTtl,
    @Bindable(defaultValue = "10s") Duration clockSkew) {}
