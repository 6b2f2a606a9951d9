package io.assay.platform.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import io.assay.platform.problem.Rejection.FieldError;
import io.micronaut.core.beans.BeanIntrospector;
import io.micronaut.core.beans.BeanProperty;
import io.micronaut.core.type.Argument;
import java.math.BigDecimal;
import java.net.URI;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Refuses JSON of another type than the field's, which the deserialiser would bend into shape: a
 * number for a string, a string for a number, a single value for a list or the reverse, null among
 * the values of a list. Names every such field, not only the first.
 *
 * <p>What it does not know (maps, any value, subtypes told apart by a property) passes.
 */
final class BodyTypes {

  private static final Set<Class<?>> INTEGERS =
      Set.of(int.class, Integer.class, long.class, Long.class, short.class, Short.class);
  private static final Set<Class<?>> DECIMALS =
      Set.of(double.class, Double.class, float.class, Float.class, BigDecimal.class);

  /** A property as JSON names it. */
  private record Property(String name, Argument<?> argument) {}

  /** The properties of a class; empty where it is not known by its properties. */
  private static final ClassValue<Optional<List<Property>>> PROPERTIES =
      new ClassValue<>() {
        @Override
        protected Optional<List<Property>> computeValue(Class<?> type) {
          return BeanIntrospector.SHARED
              .findIntrospection(type)
              .filter(
                  bean ->
                      !bean.hasAnnotation(JsonTypeInfo.class)
                          && !bean.hasAnnotation(JsonSubTypes.class))
              .map(bean -> bean.getBeanProperties().stream().map(BodyTypes::property).toList());
        }
      };

  private final List<FieldError> errors = new ArrayList<>();

  private BodyTypes() {}

  /** Every place where the type is wrong. */
  static List<FieldError> faults(JsonNode body, Argument<?> argument) {
    var types = new BodyTypes();
    types.check(Place.ROOT, body, argument);
    return List.copyOf(types.errors);
  }

  private void check(Place place, JsonNode value, Argument<?> argument) {
    var type = argument.getType();
    if (value.isNull() || type == Object.class) {
      return;
    }
    if (type.isEnum()
        || CharSequence.class.isAssignableFrom(type)
        || Temporal.class.isAssignableFrom(type)
        || type == UUID.class
        || type == URI.class) {
      expect(value.isTextual(), place, "a string");
    } else if (INTEGERS.contains(type)) {
      expect(
          value.isIntegralNumber() || value.isNumber() && value.doubleValue() % 1 == 0,
          place,
          "an integer");
    } else if (DECIMALS.contains(type)) {
      expect(value.isNumber(), place, "a number");
    } else if (type == boolean.class || type == Boolean.class) {
      expect(value.isBoolean(), place, "true or false");
    } else if (Collection.class.isAssignableFrom(type)) {
      if (expect(value.isArray(), place, "an array")) {
        var item = argument.getFirstTypeVariable().orElse(Argument.OBJECT_ARGUMENT);
        for (int i = 0; i < value.size(); i++) {
          element(place.element(i), value.get(i), item);
        }
      }
    } else if (Map.class.isAssignableFrom(type)) {
      if (expect(value.isObject(), place, "an object")) {
        var item =
            argument
                .getTypeVariable("V")
                .<Argument<?>>map(it -> it)
                .orElse(Argument.OBJECT_ARGUMENT);
        value
            .properties()
            .forEach(entry -> element(place.member(entry.getKey()), entry.getValue(), item));
      }
    } else {
      bean(place, value, type);
    }
  }

  /** A property that is null is absent; an element of a list or map cannot be. */
  private void element(Place place, JsonNode value, Argument<?> item) {
    if (value.isNull() && item.getType() != Object.class) {
      errors.add(
          new FieldError(place.pointer(), "This is null, which is no value here: leave it out."));
    } else {
      check(place, value, item);
    }
  }

  private void bean(Place place, JsonNode value, Class<?> type) {
    var properties = PROPERTIES.get(type).orElse(null);
    if (properties != null && expect(value.isObject(), place, "an object")) {
      for (var property : properties) {
        var member = value.get(property.name());
        if (member != null) {
          check(place.member(property.name()), member, property.argument());
        }
      }
    }
  }

  private static Property property(BeanProperty<?, ?> property) {
    var name =
        property
            .getAnnotationMetadata()
            .stringValue(JsonProperty.class)
            .filter(it -> !it.isEmpty())
            .orElse(property.getName());
    return new Property(name, property.asArgument());
  }

  private boolean expect(boolean right, Place place, String what) {
    if (!right) {
      errors.add(new FieldError(place.pointer(), "This is " + what + "."));
    }
    return right;
  }
}
