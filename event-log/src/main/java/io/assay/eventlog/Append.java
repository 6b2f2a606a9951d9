package io.assay.eventlog;

import java.util.List;

/** Events that are appended together, in this order, if every guard holds; else none of them. */
public record Append(List<NewEvent> events, List<Guard> guards) {

  public Append {
    events = List.copyOf(events);
    guards = List.copyOf(guards);
    if (events.isEmpty()) {
      throw new IllegalArgumentException("An append has at least one event");
    }
  }
}
