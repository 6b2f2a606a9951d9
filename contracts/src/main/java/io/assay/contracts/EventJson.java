package io.assay.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns events into the bytes of their sections and back.
 *
 * <p>Bytes are canonical JSON; 64-bit integers are strings, absent is not null, enum constants are
 * lower-case with hyphens, digests and ids are strings. Reading an erased {@code text} section
 * leaves its components {@code null}. Thread-safe.
 */
public final class EventJson {

  /**
   * An event's content.
   *
   * @param payload ids, numbers, structure: never erased
   * @param text what is free or possibly personal; null when the event has none or it was erased
   */
  public record Sections(byte[] payload, byte @Nullable [] text) {}

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new WireModule())
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
          .build();

  private final EventCatalogue catalogue;
  private final Upcasters upcasters;
  private final Map<Class<?>, Set<String>> erasable = new ConcurrentHashMap<>();

  /** Reads older versions of Assay's events, too. */
  public EventJson(EventCatalogue catalogue) {
    this(catalogue, Upcasters.assay());
  }

  public EventJson(EventCatalogue catalogue, Upcasters upcasters) {
    this.catalogue = catalogue;
    this.upcasters = upcasters;
  }

  public EventCatalogue catalogue() {
    return catalogue;
  }

  /** The event's sections; refuses an event that is not in the catalogue. */
  public Sections write(Event event) {
    catalogue.entry(event.getClass());
    ObjectNode payload = MAPPER.valueToTree(event);
    var text = MAPPER.createObjectNode();
    for (var name : erasable(event.getClass())) {
      var value = payload.remove(name);
      if (value != null) {
        text.set(name, value);
      }
    }
    return new Sections(
        CanonicalJson.bytes(payload), text.isEmpty() ? null : CanonicalJson.bytes(text));
  }

  /** The event of the stored bytes, brought up to its newest version. */
  public Event read(String type, int version, byte[] payload, byte @Nullable [] text) {
    try {
      var joined = (ObjectNode) MAPPER.readTree(payload);
      if (text != null) {
        joined.setAll((ObjectNode) MAPPER.readTree(text));
      }
      var current = upcasters.upcast(new Upcasters.Stored(type, version, joined));
      var entry = catalogue.entry(current.type(), current.version());
      return MAPPER.treeToValue(current.content(), entry.event());
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "Cannot read a stored " + type + " of version " + version + ": " + e.getMessage(), e);
    }
  }

  /** Any value of the published language as canonical JSON, by the same rules as events. */
  public static byte[] canonical(Object value) {
    JsonNode tree = MAPPER.valueToTree(value);
    return CanonicalJson.bytes(tree);
  }

  /** Any value of the published language as JSON, to keep and to read back by {@link #value}. */
  public static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not representable as JSON: " + e.getMessage(), e);
    }
  }

  /** The event as one JSON tree with its text joined, for audit and display. */
  public static JsonNode tree(Event event) {
    return MAPPER.valueToTree(event);
  }

  /** Reads one value of the published language. */
  public static <T> T value(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Not a " + type.getSimpleName() + ": " + e.getMessage(), e);
    }
  }

  private Set<String> erasable(Class<?> event) {
    return erasable.computeIfAbsent(
        event,
        type ->
            Arrays.stream(type.getRecordComponents())
                .filter(component -> component.isAnnotationPresent(Erasable.class))
                .map(RecordComponent::getName)
                .collect(Collectors.toUnmodifiableSet()));
  }
}
