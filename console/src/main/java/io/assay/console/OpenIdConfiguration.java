package io.assay.console;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Requires;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the console lets an OpenID issuer sign people in. Without it only the development users can.
 *
 * @param clientId the console's public client at the issuer {@code assay.identity.issuer}
 * @param url under which people reach the console; the redirect URI is below it
 * @param discoveryUrl the issuer's metadata, where it is not below the issuer's name
 * @param scope what is asked for
 * @param timeout for one question to the issuer
 */
@ConfigurationProperties("assay.identity.console")
@Requires(property = "assay.identity.console.client-id")
record OpenIdConfiguration(
    String clientId,
    URI url,
    @Nullable URI discoveryUrl,
    @io.micronaut.core.bind.annotation.Bindable(defaultValue = "openid") String scope,
    @io.micronaut.core.bind.annotation.Bindable(defaultValue = "10s") Duration timeout) {

  static final String CALLBACK = "/console/sign-in/callback";

  URI redirectUri() {
    return url.resolve(CALLBACK);
  }

  URI afterSignOut() {
    return url.resolve("/console/sign-in");
  }
}
