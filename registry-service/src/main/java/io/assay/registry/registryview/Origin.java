package io.assay.registry.registryview;

import io.assay.eventlog.RecordedEvent;
import java.time.Instant;

/**
 * Where a card comes from.
 *
 * @param at when the log recorded the first event
 * @param by who acted
 * @param position of the first event
 * @param changed position of the last event that changed the card
 */
public record Origin(Instant at, String by, long position, long changed) {

  public static Origin of(RecordedEvent event) {
    return new Origin(
        event.recordedAt(), event.metadata().actor().id(), event.position(), event.position());
  }

  public Origin changedBy(RecordedEvent event) {
    return new Origin(at, by, position, event.position());
  }
}
