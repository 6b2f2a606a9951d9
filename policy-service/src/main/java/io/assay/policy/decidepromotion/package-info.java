/** DecidePromotion → PromotionDecided, and ApprovalRequested where only approvals are missing. */
@NullMarked
package io.assay.policy.decidepromotion;

import org.jspecify.annotations.NullMarked;
