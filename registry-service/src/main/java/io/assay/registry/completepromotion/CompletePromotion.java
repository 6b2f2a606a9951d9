package io.assay.registry.completepromotion;

import io.assay.contracts.ContentDigest;
import io.assay.contracts.PromotionEvent.PromotionDecided;

/**
 * A permitting decision takes effect.
 *
 * @param workspace where its criteria are matched
 * @param decision as the log has it
 * @param content what would be promoted now
 */
public record CompletePromotion(
    String workspace, PromotionDecided decision, ContentDigest content) {}
