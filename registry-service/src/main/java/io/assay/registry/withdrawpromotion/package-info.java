/** WithdrawPromotion → PromotionWithdrawn. */
@NullMarked
package io.assay.registry.withdrawpromotion;

import org.jspecify.annotations.NullMarked;
