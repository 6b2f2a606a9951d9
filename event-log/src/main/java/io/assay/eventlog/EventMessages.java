package io.assay.eventlog;

import io.assay.contracts.Event;
import io.assay.contracts.EventCatalogue;
import io.assay.contracts.Tag;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * Translates between Axon's messages and the events of the log. Thread-safe.
 *
 * <p>An instance decides what a payload may be; the log itself stores only what its {@link
 * EventCodec} takes.
 */
public interface EventMessages {

  /** Refuses, by {@link IllegalArgumentException}, a message that is no event of the log. */
  NewEvent event(EventMessage message, String workspace, Set<Tag> tags);

  /** The message of a recorded event. */
  EventMessage message(RecordedEvent event);

  /**
   * Messages whose payload is an event of the catalogue, under its stored type, with its metadata
   * by name; their time is the log's. Every other payload and every unknown metadata is refused.
   */
  static EventMessages of(EventCatalogue catalogue) {
    return new Catalogued(catalogue);
  }

  /** The translation of a catalogue's events. */
  final class Catalogued implements EventMessages {

    private final EventCatalogue catalogue;

    private Catalogued(EventCatalogue catalogue) {
      this.catalogue = catalogue;
    }

    @Override
    public NewEvent event(EventMessage message, String workspace, Set<Tag> tags) {
      if (!(message.payload() instanceof Event event)) {
        throw new IllegalArgumentException("Only events are recorded, not " + message.type());
      }
      var type = catalogue.type(event.getClass());
      if (!message.type().name().equals(type)) {
        throw new IllegalArgumentException("A " + type + " is not a message " + message.type());
      }
      var values = new HashMap<>(message.metadata());
      var occurredAt = values.remove("occurredAt");
      var decision = values.remove("decision");
      var metadata =
          new EventMetadata(
              workspace,
              new Actor(required(values, "actor"), Actor.Kind.parse(required(values, "actorKind"))),
              values.remove("onBehalfOf"),
              values.remove("client"),
              occurredAt == null ? null : Instant.parse(occurredAt),
              required(values, "correlation"),
              values.remove("causation"),
              decision == null ? null : UUID.fromString(decision),
              values.remove("signature"));
      values.remove("workspace");
      if (!values.isEmpty()) {
        throw new IllegalArgumentException("Metadata of an event is never " + values.keySet());
      }
      var extraTags = new HashSet<>(tags);
      extraTags.removeAll(event.tags());
      return new NewEvent(UUID.fromString(message.identifier()), event, extraTags, metadata);
    }

    @Override
    public EventMessage message(RecordedEvent recorded) {
      var entry = catalogue.entry(recorded.event().getClass());
      var metadata = recorded.metadata();
      var values = new HashMap<String, String>();
      values.put("workspace", metadata.workspace());
      values.put("actor", metadata.actor().id());
      values.put("actorKind", metadata.actor().kind().spelling());
      values.put("correlation", metadata.correlation());
      put(values, "onBehalfOf", metadata.onBehalfOf());
      put(values, "client", metadata.client());
      put(values, "occurredAt", metadata.occurredAt());
      put(values, "causation", metadata.causation());
      put(values, "decision", metadata.decision());
      put(values, "signature", metadata.signature());
      return new GenericEventMessage(
          recorded.id().toString(),
          new MessageType(entry.type(), String.valueOf(entry.version())),
          recorded.event(),
          values,
          recorded.recordedAt());
    }

    private static String required(Map<String, String> values, String name) {
      var value = values.remove(name);
      if (value == null) {
        throw new IllegalArgumentException("An event has the metadata " + name);
      }
      return value;
    }

    private static void put(Map<String, String> values, String name, @Nullable Object value) {
      if (value != null) {
        values.put(name, value.toString());
      }
    }
  }
}
