package io.assay.eventlog;

import io.assay.contracts.Tag;
import java.util.List;
import java.util.Map;

/**
 * Where the events of an append stand, now durable.
 *
 * @param events as they stand there; none where they would have to be read
 * @param previous by tag of the last of them, the position before it that bears the tag; what had
 *     none is absent, and everything where that is not known
 */
public record Appended(
    long firstPosition, long lastPosition, List<RecordedEvent> events, Map<Tag, Long> previous) {

  public Appended {
    events = List.copyOf(events);
    previous = Map.copyOf(previous);
  }

  /** Of which no more is known. */
  public Appended(long firstPosition, long lastPosition) {
    this(firstPosition, lastPosition, List.of(), Map.of());
  }

  /** The count of events up to and with the last of them. */
  public long marker() {
    return lastPosition + 1;
  }
}
