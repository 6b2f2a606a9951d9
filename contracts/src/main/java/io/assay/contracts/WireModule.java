package io.assay.contracts;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.Deserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The spelling of values on the wire, in one place. */
final class WireModule extends SimpleModule {

  private static final long serialVersionUID = 1L;

  WireModule() {
    super("assay-wire");
    written(Long.class, Object::toString);
    written(Long.TYPE, Object::toString);
    written(BigDecimal.class, BigDecimal::toPlainString);
    written(Instant.class, instant -> instant.truncatedTo(ChronoUnit.MICROS).toString());
    written(EntityId.class, id -> id.value().toString());
    written(Sha256.class, Sha256::hex);
    written(Enum.class, WireModule::spelling);
    addKeySerializer(Enum.class, new EnumKey());
    read(Sha256.class, Sha256::new);
    read(Instant.class, Instant::parse);
    read(BigDecimal.class, BigDecimal::new);
  }

  @Override
  public void setupModule(SetupContext context) {
    super.setupModule(context);
    context.addDeserializers(new ById());
  }

  static String spelling(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private <T> void written(Class<T> type, Function<? super T, String> spelling) {
    addSerializer(
        type,
        new JsonSerializer<T>() {
          @Override
          public void serialize(T value, JsonGenerator json, SerializerProvider provider)
              throws IOException {
            json.writeString(spelling.apply(value));
          }
        });
  }

  private <T> void read(Class<T> type, Function<String, ? extends T> reading) {
    addDeserializer(type, reader(reading));
  }

  private static <T> JsonDeserializer<T> reader(Function<String, ? extends T> reading) {
    return new JsonDeserializer<T>() {
      @Override
      public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
        return reading.apply(json.getText());
      }
    };
  }

  private static final class EnumKey extends JsonSerializer<Enum> {
    @Override
    public void serialize(Enum value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeFieldName(spelling(value));
    }
  }

  /** Reads ids through their canonical constructor, and enum constants by their spelling. */
  private static final class ById extends Deserializers.Base {

    @Override
    public @Nullable JsonDeserializer<?> findBeanDeserializer(
        JavaType type, DeserializationConfig config, BeanDescription description) {
      var raw = type.getRawClass();
      if (!EntityId.class.isAssignableFrom(raw)) {
        return null;
      }
      var constructor = constructor(raw);
      return reader(spelled -> construct(constructor, Uuids.parse(spelled)));
    }

    @Override
    public JsonDeserializer<?> findEnumDeserializer(
        Class<?> type, DeserializationConfig config, BeanDescription description) {
      return reader(
          spelled -> {
            for (var constant : type.getEnumConstants()) {
              if (spelling((Enum<?>) constant).equals(spelled)) {
                return constant;
              }
            }
            throw new IllegalArgumentException(type.getSimpleName() + " has no " + spelled);
          });
    }

    private static MethodHandle constructor(Class<?> type) {
      try {
        return MethodHandles.publicLookup()
            .findConstructor(type, MethodType.methodType(void.class, UUID.class));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(type.getName() + " is not a record of one UUID", e);
      }
    }

    private static Object construct(MethodHandle constructor, UUID uuid) {
      try {
        return constructor.invoke(uuid);
      } catch (Throwable e) {
        throw new IllegalStateException("Cannot construct an id", e);
      }
    }
  }
}
