package io.assay.platform.http;

import io.micronaut.context.annotation.Factory;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.type.Argument;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.serde.Decoder;
import io.micronaut.serde.Deserializer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Takes a JSON value for what it is: text is text, a number is a number. Left alone, the library
 * makes "17" of 17, 1 of 1.5 and of "1", and what was sent is then not what is recorded.
 */
@Factory
final class JsonScalars {

  @Singleton
  @Order(Ordered.HIGHEST_PRECEDENCE)
  Deserializer<String> text() {
    return new Scalar<>("text") {
      @Override
      @Nullable String value(JsonNode node) {
        return node.isString() ? node.getStringValue() : null;
      }
    };
  }

  @Singleton
  @Order(Ordered.HIGHEST_PRECEDENCE)
  Deserializer<Boolean> truth() {
    return new Scalar<>("true or false") {
      @Override
      @Nullable Boolean value(JsonNode node) {
        return node.isBoolean() ? (Boolean) node.getBooleanValue() : null;
      }
    };
  }

  @Singleton
  @Order(Ordered.HIGHEST_PRECEDENCE)
  Deserializer<Integer> integer() {
    return new Scalar<>("an integer of 32 bits") {
      @Override
      @Nullable Integer value(JsonNode node) {
        return exactly(node, BigDecimal::intValueExact);
      }
    };
  }

  @Singleton
  @Order(Ordered.HIGHEST_PRECEDENCE)
  Deserializer<Long> longInteger() {
    return new Scalar<>("an integer") {
      @Override
      @Nullable Long value(JsonNode node) {
        return exactly(node, BigDecimal::longValueExact);
      }
    };
  }

  @Singleton
  @Order(Ordered.HIGHEST_PRECEDENCE)
  Deserializer<Double> number() {
    return new Scalar<>("a number") {
      @Override
      @Nullable Double value(JsonNode node) {
        return node.isNumber() ? (Double) node.getDoubleValue() : null;
      }
    };
  }

  private interface Exact<T> {
    T of(BigDecimal value);
  }

  private static <T> @Nullable T exactly(JsonNode node, Exact<T> conversion) {
    if (!node.isNumber()) {
      return null;
    }
    try {
      return conversion.of(node.getBigDecimalValue());
    } catch (ArithmeticException e) {
      return null;
    }
  }

  private abstract static class Scalar<T> implements Deserializer<T> {

    private final String expected;

    Scalar(String expected) {
      this.expected = expected;
    }

    /** The value, or null where the node is of another type. */
    abstract @Nullable T value(JsonNode node);

    @Override
    public T deserialize(Decoder decoder, DecoderContext context, Argument<? super T> type)
        throws IOException {
      JsonNode node = decoder.decodeNode();
      T value = value(node);
      if (value == null) {
        throw decoder.createDeserializationException("Expected " + expected, node.getValue());
      }
      return value;
    }
  }
}
