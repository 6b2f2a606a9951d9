package io.assay.registry.completerun;

import io.assay.contracts.RunEvent;
import io.assay.contracts.RunEvent.Cost;
import io.assay.contracts.RunEvent.Resources;
import io.assay.contracts.RunId;
import io.assay.contracts.Sha256;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run ends, once.
 *
 * @param points how many points its series have
 * @param pointsDigest the digest of the series
 */
public record CompleteRun(
    RunId run,
    RunEvent.Outcome outcome,
    Map<String, Double> metrics,
    long points,
    Sha256 pointsDigest,
    @Nullable Resources resources,
    @Nullable Cost cost,
    Instant endedAt) {}
