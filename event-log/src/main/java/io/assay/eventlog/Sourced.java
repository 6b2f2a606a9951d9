package io.assay.eventlog;

import java.util.List;

/**
 * A finite answer of the log.
 *
 * @param events in the order of their positions
 * @param marker the count of events in the log at the moment of reading
 */
public record Sourced(List<RecordedEvent> events, long marker) {}
