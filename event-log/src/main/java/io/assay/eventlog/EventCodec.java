package io.assay.eventlog;

import io.assay.contracts.Event;
import io.assay.contracts.EventJson;
import io.assay.contracts.Sha256;
import org.jspecify.annotations.Nullable;

/** Turns events into what is stored and back. Thread-safe. */
public interface EventCodec {

  /**
   * An event as it is stored.
   *
   * @param schema digest of the JSON schema of its content
   * @param payload content that is never erased
   * @param text content that is free or possibly personal; null where the event has none
   */
  record Encoded(String type, int version, Sha256 schema, byte[] payload, byte @Nullable [] text) {}

  /** Refuses, by {@link IllegalArgumentException}, an event that it does not know. */
  Encoded encode(Event event);

  /** Reads what was stored; {@code text} is null where there was none or it was erased. */
  Event decode(String type, int version, byte[] payload, byte @Nullable [] text);

  /** The codec of a catalogue of events; it refuses every other event. */
  static EventCodec of(EventJson json) {
    return new EventCodec() {
      @Override
      public Encoded encode(Event event) {
        var entry = json.catalogue().entry(event.getClass());
        var sections = json.write(event);
        return new Encoded(
            entry.type(), entry.version(), entry.schema(), sections.payload(), sections.text());
      }

      @Override
      public Event decode(String type, int version, byte[] payload, byte @Nullable [] text) {
        return json.read(type, version, payload, text);
      }
    };
  }
}
