/**
 * The registry: the write side of datasets, runs, systems, models, versions, artifacts,
 * evaluations, promotions and deployments, one folder a slice, and the view that shows them.
 */
@Configuration
@Requires(property = "assay.service", value = "registry")
@NullMarked
package io.assay.registry;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
