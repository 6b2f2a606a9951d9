/** What the policy language promises and refuses. */
@NullMarked
package io.assay.policy.conditions;

import org.jspecify.annotations.NullMarked;
