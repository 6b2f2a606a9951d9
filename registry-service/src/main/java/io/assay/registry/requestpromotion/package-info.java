/** RequestPromotion → PromotionRequested, and the protocol with policy that follows. */
@NullMarked
package io.assay.registry.requestpromotion;

import org.jspecify.annotations.NullMarked;
