/** CompletePromotion → ModelVersionPromoted, and the reaction that sends it. */
@NullMarked
package io.assay.registry.completepromotion;

import org.jspecify.annotations.NullMarked;
