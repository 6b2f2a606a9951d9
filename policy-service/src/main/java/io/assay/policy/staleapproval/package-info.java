/** StaleApproval → ApprovalRequestStaled, where the content or the policy changed. */
@NullMarked
package io.assay.policy.staleapproval;

import org.jspecify.annotations.NullMarked;
