/** Approval requests and their answers, as the policy view has them. */
@NullMarked
package io.assay.policy.approvalrequests;

import org.jspecify.annotations.NullMarked;
