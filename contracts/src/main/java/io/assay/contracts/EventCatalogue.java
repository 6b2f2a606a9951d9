package io.assay.contracts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Every event there is, by stored type and version.
 *
 * <p>Refuses a class without {@link EventType}, two classes of one type and version, and an event
 * without a schema.
 */
public final class EventCatalogue {

  /** One entry: what is stored under {@code type} and {@code version}, and who may write it. */
  public record Entry(
      Class<? extends Event> event, String type, int version, Sha256 schema, Set<Writer> writers) {

    private String key() {
      return type + ".v" + version;
    }
  }

  private final Map<Class<?>, Entry> byClass = new LinkedHashMap<>();
  private final Map<String, Entry> byKey = new LinkedHashMap<>();

  private EventCatalogue(
      Collection<Class<? extends Event>> events, Function<String, byte[]> schemas) {
    for (var event : events) {
      var declared = event.getAnnotation(EventType.class);
      if (declared == null) {
        throw new IllegalArgumentException(event.getName() + " has no @EventType");
      }
      var key = declared.name() + ".v" + declared.version();
      var entry =
          new Entry(
              event,
              declared.name(),
              declared.version(),
              Sha256.of(schemas.apply(key)),
              Set.of(declared.writer()));
      if (byKey.putIfAbsent(entry.key(), entry) != null) {
        throw new IllegalArgumentException("Two events are stored as " + key);
      }
      byClass.put(event, entry);
    }
  }

  /** The events of Assay, with the schemas that are published beside them. */
  public static EventCatalogue assay() {
    return of(AssayEvents.ALL, EventCatalogue::published);
  }

  /**
   * A catalogue of other events.
   *
   * @param schemas the JSON schema's bytes by {@code Type.vN}
   */
  public static EventCatalogue of(
      Collection<Class<? extends Event>> events, Function<String, byte[]> schemas) {
    return new EventCatalogue(events, schemas);
  }

  public List<Entry> entries() {
    return List.copyOf(byClass.values());
  }

  /** The entry of an event's class; refuses a class that is not in the catalogue. */
  public Entry entry(Class<? extends Event> event) {
    var entry = byClass.get(event);
    if (entry == null) {
      throw new IllegalArgumentException(event.getName() + " is not in the catalogue");
    }
    return entry;
  }

  /** The stored type of an event's class. */
  public String type(Class<? extends Event> event) {
    return entry(event).type();
  }

  /** The entry of a stored type and version; refuses one that is not in the catalogue. */
  public Entry entry(String type, int version) {
    var entry = byKey.get(type + ".v" + version);
    if (entry == null) {
      throw new IllegalArgumentException("Unknown event " + type + " version " + version);
    }
    return entry;
  }

  /** Whether any version of the type is in the catalogue. */
  public boolean knows(String type) {
    return byClass.values().stream().anyMatch(entry -> entry.type().equals(type));
  }

  private static byte[] published(String key) {
    var path = "/schemas/" + key + ".json";
    try (var schema = EventCatalogue.class.getResourceAsStream(path)) {
      if (schema == null) {
        throw new IllegalStateException("No schema is published at " + path);
      }
      return schema.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
