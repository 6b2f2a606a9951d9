/**
 * The read side: the lineage graph, the audit view and the verification of the log. It writes no
 * event and keeps nothing that the log could not give it again.
 */
@Configuration
@Requires(property = "assay.service", value = "lineage")
@NullMarked
package io.assay.lineage;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
