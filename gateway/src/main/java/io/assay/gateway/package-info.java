/**
 * The only public entrance: it authenticates, limits and forwards, and trusts nothing that a client
 * says about itself. The services refuse on their own, so that a bypassed gateway gains nothing.
 */
@Configuration
@Requires(property = "assay.service", value = "gateway")
@NullMarked
package io.assay.gateway;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
