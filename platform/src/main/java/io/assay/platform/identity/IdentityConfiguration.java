package io.assay.platform.identity;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.MapFormat;
import io.micronaut.core.naming.conventions.StringConvention;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The issuer that is trusted.
 *
 * @param issuer the only value of {@code iss} that is accepted
 * @param jwksUrl where the issuer publishes its keys
 * @param audience what {@code aud} has to contain
 * @param jwksTtl how long a key that the issuer withdrew can still be accepted
 * @param clockSkew how far the issuer's clock may be off
 * @param rolesClaims where roles stand in a token, each by name or by path with dots
 * @param groupsClaim where groups stand
 * @param groupRoles what a group gives: {@code ROLE} in every workspace, {@code ROLE@WORKSPACE} in
 *     one
 */
@ConfigurationProperties("assay.identity")
@Requires(property = "assay.identity.jwks-url")
public record IdentityConfiguration(
    String issuer,
    URI jwksUrl,
    @Bindable(defaultValue = "assay") String audience,
    @Bindable(defaultValue = "5m") Duration jwksTtl,
    @Bindable(defaultValue = "10s") Duration clockSkew,
    @Bindable(defaultValue = "realm_access.roles,resource_access.assay.roles")
        List<String> rolesClaims,
    @Bindable(defaultValue = "groups") String groupsClaim,
    @MapFormat(transformation = MapFormat.MapTransformation.FLAT, keyFormat = StringConvention.RAW)
        @Nullable Map<String, List<String>> groupRoles) {

  public IdentityConfiguration {
    groupRoles = groupRoles == null ? Map.of() : Map.copyOf(groupRoles);
  }

  @Override
  public Map<String, List<String>> groupRoles() {
    return groupRoles == null ? Map.of() : groupRoles;
  }
}
