/** RequestActivation → ApprovalRequested, for a version of a policy. */
@NullMarked
package io.assay.policy.requestactivation;

import org.jspecify.annotations.NullMarked;
