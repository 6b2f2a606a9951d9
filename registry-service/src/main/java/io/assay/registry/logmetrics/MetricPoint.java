package io.assay.registry.logmetrics;

import java.time.Instant;

/** One point of a series. */
public record MetricPoint(String key, double value, long step, Instant at) {}
