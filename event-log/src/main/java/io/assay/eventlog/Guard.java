package io.assay.eventlog;

/**
 * A condition of an append: no event that matches the query stands at or after the marker.
 *
 * @param marker a count of events, as {@link Sourced#marker()} and {@link Appended#marker()} give
 *     it
 */
public record Guard(Query query, long marker) {}
