package io.assay.registry.withdrawpromotion;

import io.assay.contracts.PromotionId;

/** Who asked for a promotion no longer wants it, or a risk officer stops it. */
public record WithdrawPromotion(PromotionId promotion, String reason) {}
