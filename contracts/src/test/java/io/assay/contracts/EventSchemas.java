package io.assay.contracts;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Derives the JSON schema of an event from its record, as it is spelled on the wire. */
final class EventSchemas {

  private static final ObjectMapper PRETTY =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private EventSchemas() {}

  static String of(Class<? extends Event> event) {
    try {
      var schema = generator().generateSchema(event);
      return PRETTY.writeValueAsString(PRETTY.treeToValue(schema, Object.class)) + "\n";
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SchemaGenerator generator() {
    var builder =
        new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
            .with(Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT)
            .with(Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES)
            .with(Option.INLINE_ALL_SCHEMAS);
    builder
        .forFields()
        .withRequiredCheck(
            field ->
                component(field.getDeclaringType().getErasedType(), field.getName())
                    .map(c -> !isNullable(c.getAnnotatedType()) && !isNullable(c))
                    .orElse(false));
    builder
        .forTypesInGeneral()
        .withCustomDefinitionProvider(
            (type, context) -> {
              var node = context.getGeneratorConfig().createObjectNode();
              return spelled(type.getErasedType(), node) ? new CustomDefinition(node, true) : null;
            });
    return new SchemaGenerator(builder.build());
  }

  private static boolean spelled(Class<?> type, ObjectNode node) {
    if (EntityId.class.isAssignableFrom(type) || type == UUID.class) {
      node.put("type", "string").put("format", "uuid");
    } else if (type == Sha256.class) {
      node.put("type", "string").put("pattern", "^[0-9a-f]{64}$");
    } else if (type == Instant.class) {
      node.put("type", "string").put("format", "date-time");
    } else if (type == long.class || type == Long.class) {
      node.put("type", "string").put("pattern", "^-?[0-9]{1,19}$");
    } else if (type == BigDecimal.class) {
      node.put("type", "string").put("pattern", "^-?[0-9]+(\\.[0-9]+)?$");
    } else if (type.isEnum()) {
      node.put("type", "string");
      var constants = node.putArray("enum");
      Arrays.stream(type.getEnumConstants())
          .forEach(constant -> constants.add(WireModule.spelling((Enum<?>) constant)));
    } else {
      return false;
    }
    return true;
  }

  private static java.util.Optional<RecordComponent> component(Class<?> type, String name) {
    return type.isRecord()
        ? Arrays.stream(type.getRecordComponents()).filter(c -> c.getName().equals(name)).findAny()
        : java.util.Optional.empty();
  }

  private static boolean isNullable(AnnotatedElement element) {
    return element.isAnnotationPresent(Nullable.class);
  }
}
