package io.assay.registry.requestpromotion;

import io.assay.contracts.ContentDigest;
import io.assay.contracts.ModelId;
import io.assay.contracts.PromotionId;
import io.assay.contracts.VersionId;
import org.jspecify.annotations.Nullable;

/**
 * A version shall be permitted in an environment.
 *
 * @param content what exactly is asked for, as the log had it when it was asked
 */
public record RequestPromotion(
    PromotionId promotion,
    VersionId version,
    ModelId model,
    String environment,
    ContentDigest content,
    @Nullable String comment) {}
