/** A service small enough to see what the platform does for every service. */
@Configuration
@Requires(property = "assay.service", value = "sample")
@NullMarked
package io.assay.platform.sample;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
