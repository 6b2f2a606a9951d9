/** Policies and their versions, as the policy view has them. */
@NullMarked
package io.assay.policy.policies;

import org.jspecify.annotations.NullMarked;
