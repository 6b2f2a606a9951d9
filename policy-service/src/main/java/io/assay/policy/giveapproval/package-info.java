/**
 * GiveApproval → ApprovalGiven; the last one → ApprovalRequestApproved and, for a policy,
 * PolicyVersionActivated.
 */
@NullMarked
package io.assay.policy.giveapproval;

import org.jspecify.annotations.NullMarked;
