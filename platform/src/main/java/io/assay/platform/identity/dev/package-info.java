/**
 * The development issuer: tokens with Keycloak's claims where nothing is installed. Loopback only,
 * never under the production profile, and only for who can read the secret in the data folder.
 */
@Configuration
@Requires(property = "assay.service", value = "dev-issuer")
@NullMarked
package io.assay.platform.identity.dev;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
