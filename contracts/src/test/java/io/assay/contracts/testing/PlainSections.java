package io.assay.contracts.testing;

import io.assay.contracts.EntityId;
import io.assay.contracts.Erasable;
import io.assay.contracts.Event;
import io.assay.contracts.Sha256;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The sections of an event by a second implementation, which shares no code with the first. */
public final class PlainSections {

  private PlainSections() {}

  /** The canonical bytes of all that is never erased. */
  public static byte[] payload(Event event) {
    return PlainJson.bytes(components((Record) event, false));
  }

  /** The canonical bytes of all that can be erased; null where there is nothing. */
  public static byte @Nullable [] text(Event event) {
    var text = components((Record) event, true);
    return text.isEmpty() ? null : PlainJson.bytes(text);
  }

  private static Map<String, Object> components(Record of, @Nullable Boolean erasable) {
    var content = new LinkedHashMap<String, Object>();
    for (var component : of.getClass().getRecordComponents()) {
      boolean isErasable = component.getAnnotation(Erasable.class) != null;
      var value = value(of, component);
      if (value != null && (erasable == null || erasable == isErasable)) {
        content.put(component.getName(), spelled(value));
      }
    }
    return content;
  }

  private static @Nullable Object value(Record of, RecordComponent component) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object spelled(Object value) {
    return switch (value) {
      case String text -> text;
      case Boolean truth -> truth;
      case Integer number -> number;
      case Double number -> number;
      case Long number -> Long.toString(number);
      case BigDecimal number -> number.toPlainString();
      case UUID uuid -> uuid.toString();
      case EntityId id -> id.value().toString();
      case Sha256 digest -> digest.hex();
      case Instant instant -> spelled(instant);
      case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
      case List<?> list -> list.stream().map(PlainSections::spelled).toList();
      case Map<?, ?> map -> {
        var spelled = new LinkedHashMap<String, Object>();
        map.forEach((key, element) -> spelled.put((String) key, spelled(element)));
        yield spelled;
      }
      case Record part -> components(part, null);
      default -> throw new IllegalArgumentException("No spelling of " + value.getClass());
    };
  }

  /** Seconds always; of the fraction nothing, three or six digits, as few as say it. */
  private static String spelled(Instant instant) {
    int micros = instant.getNano() / 1_000;
    var whole = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);
    var fraction =
        micros == 0
            ? ""
            : micros % 1_000 == 0 ? ".%03d".formatted(micros / 1_000) : ".%06d".formatted(micros);
    return whole.format(instant.atOffset(ZoneOffset.UTC)) + fraction + "Z";
  }
}
