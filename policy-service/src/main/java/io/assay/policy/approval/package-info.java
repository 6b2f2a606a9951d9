/** What approvals have in common: the folded request, its quorum, and who may say yes or no. */
@NullMarked
package io.assay.policy.approval;

import org.jspecify.annotations.NullMarked;
