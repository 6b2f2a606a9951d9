package io.assay.contracts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Lifts stored events of older versions to newer ones while they are read. Stored bytes stay as
 * they are; an upcaster is a pure function of what is stored.
 */
public final class Upcasters {

  /** An event between storage and record: its type, its version, its joined sections. */
  public record Stored(String type, int version, ObjectNode content) {}

  private final Map<String, UnaryOperator<Stored>> byKey = new LinkedHashMap<>();

  private Upcasters() {}

  public static Upcasters none() {
    return new Upcasters();
  }

  /** Those of Assay's own events. */
  public static Upcasters assay() {
    return none().with("PolicyVersionDrafted", 1, to(2)).with("ApprovalRequested", 1, to(2));
  }

  /** The step to a version that only adds what may be absent. */
  private static UnaryOperator<Stored> to(int version) {
    return stored -> new Stored(stored.type(), version, stored.content());
  }

  /**
   * Adds the step from {@code version} of {@code type}; it must answer a higher version or another
   * type. Refuses a second step from the same place.
   */
  public Upcasters with(String type, int version, UnaryOperator<Stored> step) {
    var extended = new Upcasters();
    extended.byKey.putAll(byKey);
    if (extended.byKey.putIfAbsent(key(type, version), step) != null) {
      throw new IllegalArgumentException("Two upcasters from " + key(type, version));
    }
    return extended;
  }

  Stored upcast(Stored stored) {
    var current = stored;
    for (var step = step(current); step != null; step = step(current)) {
      var next = step.apply(current);
      if (next.type().equals(current.type()) && next.version() <= current.version()) {
        throw new IllegalStateException(
            "The upcaster of " + key(current.type(), current.version()) + " does not advance");
      }
      current = next;
    }
    return current;
  }

  private @org.jspecify.annotations.Nullable UnaryOperator<Stored> step(Stored stored) {
    return byKey.get(key(stored.type(), stored.version()));
  }

  private static String key(String type, int version) {
    return type + ".v" + version;
  }
}
