package io.assay.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/**
 * RFC 8785, the JSON Canonicalization Scheme: one sequence of bytes for one JSON value.
 *
 * <p>Beyond the RFC it refuses lone surrogates and NUL, which PostgreSQL and strict UTF-8 cannot
 * hold.
 */
public final class CanonicalJson {

  /** 2^53: beyond, two integers can be one double. */
  private static final long LARGEST_EXACT = 1L << 53;

  private CanonicalJson() {}

  /** The canonical bytes of a JSON value. */
  public static byte[] bytes(JsonNode value) {
    return append(new StringBuilder(), value).toString().getBytes(StandardCharsets.UTF_8);
  }

  private static StringBuilder append(StringBuilder json, JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> object(json, value);
      case ARRAY -> array(json, value);
      case STRING -> CanonicalText.append(json, value.textValue());
      case NUMBER -> json.append(number(value));
      case BOOLEAN, NULL -> json.append(value.asText());
      default -> throw new IllegalArgumentException("Not representable as JSON: " + value);
    };
  }

  private static StringBuilder object(StringBuilder json, JsonNode value) {
    var names = new ArrayList<String>(value.size());
    value.fieldNames().forEachRemaining(names::add);
    names.sort(null); // by UTF-16 code units
    json.append('{');
    var separator = "";
    for (var name : names) {
      CanonicalText.append(json.append(separator), name).append(':');
      append(json, value.get(name));
      separator = ",";
    }
    return json.append('}');
  }

  private static StringBuilder array(StringBuilder json, JsonNode value) {
    json.append('[');
    var separator = "";
    for (var element : value) {
      append(json.append(separator), element);
      separator = ",";
    }
    return json.append(']');
  }

  /** As ECMAScript writes a number: integers in full while a double holds them exactly. */
  private static String number(JsonNode value) {
    if (value.isIntegralNumber()
        && value.canConvertToLong()
        && value.longValue() <= LARGEST_EXACT
        && value.longValue() >= -LARGEST_EXACT) {
      return Long.toString(value.longValue());
    }
    return CanonicalNumber.spell(value.doubleValue());
  }
}
