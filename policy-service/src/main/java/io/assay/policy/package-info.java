/** Policies, decisions and approvals: one folder a slice, the policy language in conditions. */
@Configuration
@Requires(property = "assay.service", value = "policy")
@NullMarked
package io.assay.policy;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
