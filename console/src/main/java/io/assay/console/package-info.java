/**
 * The web console: pages made on the server from what the public interface answers to the person
 * signed in. It holds no data and decides nothing.
 */
@Configuration
@Requires(property = "assay.service", value = "console")
@NullMarked
package io.assay.console;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
