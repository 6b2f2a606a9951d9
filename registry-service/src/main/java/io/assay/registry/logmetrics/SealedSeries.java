package io.assay.registry.logmetrics;

import io.assay.contracts.Sha256;

/** What the completion of a run records of its series. */
public record SealedSeries(long points, Sha256 digest) {}
