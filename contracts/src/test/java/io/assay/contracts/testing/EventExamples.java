package io.assay.contracts.testing;

import io.assay.contracts.EntityId;
import io.assay.contracts.Erasable;
import io.assay.contracts.Event;
import io.assay.contracts.EventCatalogue;
import io.assay.contracts.Sha256;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Events of every class, always the same ones, with values that are hard to spell: made from the
 * record itself, so that no component is ever left out.
 */
public final class EventExamples {

  /** Quotes, controls, a decomposed letter, a pair of surrogates, what HTML and JavaScript fear. */
  public static final String HARD_TEXT =
      "Zo\u00eb \"said\" \\ </b>\n\t\u0001\u007f e\u0301 \u20ac \u2028 \ud83d\ude00";

  private static final double[] HARD_NUMBERS = {
    0.1,
    1e21,
    -1e-7,
    333333333.33333329,
    1e20,
    4.35,
    0.000001,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    9007199254740993.0,
    0
  };

  private static final Instant[] INSTANTS = {
    Instant.parse("2026-01-02T03:04:05.123456Z"),
    Instant.parse("2026-01-02T03:04:05Z"),
    Instant.parse("2026-01-02T03:04:05.120Z")
  };

  private final boolean withNullable;
  private int numbers;
  private int instants;

  private EventExamples(boolean withNullable) {
    this.withNullable = withNullable;
  }

  /** One event of every class of the catalogue. */
  public static List<Event> all() {
    return EventCatalogue.assay().entries().stream()
        .<Event>map(entry -> full(entry.event()))
        .toList();
  }

  /** The event with every component. */
  public static <E extends Event> E full(Class<E> type) {
    return new EventExamples(true).record(type, type.getSimpleName());
  }

  /** The event with only the components that it cannot be without. */
  public static <E extends Event> E bare(Class<E> type) {
    return new EventExamples(false).record(type, type.getSimpleName());
  }

  private <R> R record(Class<R> type, String path) {
    var components = type.getRecordComponents();
    var values =
        Arrays.stream(components)
            .map(component -> component(component, path + "." + component.getName()))
            .toArray();
    return type.cast(construct(type, components, values));
  }

  private static Object construct(
      Class<?> type, RecordComponent[] components, @Nullable Object[] values) {
    try {
      Constructor<?> canonical =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      canonical.setAccessible(true);
      return canonical.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot make an example of " + type.getName(), e);
    }
  }

  private @Nullable Object component(RecordComponent component, String path) {
    boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    if (nullable && !withNullable) {
      return null;
    }
    var text = component.isAnnotationPresent(Erasable.class) ? HARD_TEXT : path;
    return value(component.getGenericType(), path, text);
  }

  private Object value(Type type, String path, String text) {
    if (type instanceof ParameterizedType generic) {
      return generic.getRawType() == List.class
          ? list(generic.getActualTypeArguments()[0], path, text)
          : map(generic.getActualTypeArguments()[1], path, text);
    }
    var plain = (Class<?>) type;
    if (plain == String.class) {
      return text;
    } else if (plain == boolean.class || plain == Boolean.class) {
      return true;
    } else if (plain == int.class || plain == Integer.class) {
      return 1 + numbers++;
    } else if (plain == long.class || plain == Long.class) {
      return Long.MAX_VALUE - numbers++;
    } else if (plain == double.class || plain == Double.class) {
      return HARD_NUMBERS[numbers++ % HARD_NUMBERS.length];
    } else if (plain == BigDecimal.class) {
      return new BigDecimal("12.340");
    } else if (plain == Instant.class) {
      return INSTANTS[instants++ % INSTANTS.length];
    } else if (plain == UUID.class) {
      return uuid(path);
    } else if (plain == Sha256.class) {
      return Sha256.of(path.getBytes(StandardCharsets.UTF_8));
    } else if (plain.isEnum()) {
      var constants = plain.getEnumConstants();
      return constants[constants.length - 1];
    } else if (EntityId.class.isAssignableFrom(plain)) {
      return construct(plain, plain.getRecordComponents(), new Object[] {uuid(path)});
    } else if (plain.isRecord()) {
      return record(plain, path);
    }
    throw new IllegalArgumentException("No example of " + plain.getName() + " at " + path);
  }

  private List<Object> list(Type element, String path, String text) {
    return List.of(
        value(element, path + "[0]", text + " 0"), value(element, path + "[1]", text + " 1"));
  }

  private Map<String, Object> map(Type element, String path, String text) {
    var map = new LinkedHashMap<String, Object>();
    // By code point U+FB33 comes before U+1F600, by UTF-16 code unit after it.
    for (var key : List.of("\ufb33", "\ud83d\ude00", "b", "\u20ac", "a", "1", "\r")) {
      map.put(key, value(element, path + "{" + map.size() + "}", text));
    }
    return map;
  }

  private static UUID uuid(String path) {
    return UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8));
  }
}
