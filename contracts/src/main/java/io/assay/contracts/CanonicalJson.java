package io.assay.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.erdtman.jcs.JsonCanonicalizer;
import org.erdtman.jcs.NumberToJSON;

/**
 * RFC 8785, the JSON Canonicalization Scheme: one sequence of bytes for one JSON value.
 *
 * <p>Beyond the RFC it refuses lone surrogates and NUL, which PostgreSQL and strict UTF-8 cannot
 * hold.
 */
public final class CanonicalJson {

  /** 2^53: beyond, two integers can be one double. */
  private static final long LARGEST_EXACT = 1L << 53;

  /** After an even number of backslashes: else it is text that spells an escape. */
  private static final Pattern ESCAPED_NUL = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\u0000");

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
    try {
      return NumberToJSON.serializeNumber(value.doubleValue());
    } catch (IOException e) {
      throw new IllegalArgumentException("Not representable as JSON: " + value, e);
    }
  }

  /** The canonical bytes of a JSON text that is an object or array. */
  public static byte[] bytes(String json) {
    try {
      return strictUtf8(new JsonCanonicalizer(json).getEncodedString());
    } catch (IOException e) {
      throw new IllegalArgumentException("Not canonicalisable: " + e.getMessage(), e);
    }
  }

  /** Encodes to UTF-8; refuses lone surrogates and escaped or plain NUL. */
  static byte[] strictUtf8(String text) {
    if (text.indexOf('\0') >= 0 || ESCAPED_NUL.matcher(text).find()) {
      throw new IllegalArgumentException("The character NUL cannot be recorded");
    }
    try {
      var encoded =
          StandardCharsets.UTF_8
              .newEncoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .encode(CharBuffer.wrap(text));
      var bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("Half a Unicode pair cannot be recorded", e);
    }
  }
}
