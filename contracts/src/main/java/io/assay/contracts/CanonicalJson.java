package io.assay.contracts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * RFC 8785, the JSON Canonicalization Scheme: one sequence of bytes for one JSON value.
 *
 * <p>Beyond the RFC it refuses lone surrogates and NUL, which PostgreSQL and strict UTF-8 cannot
 * hold.
 */
public final class CanonicalJson {

  private static final ObjectMapper PLAIN = new ObjectMapper();

  /** After an even number of backslashes: else it is text that spells an escape. */
  private static final Pattern ESCAPED_NUL = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\u0000");

  private CanonicalJson() {}

  /** The canonical bytes of a JSON object or array. */
  public static byte[] bytes(JsonNode value) {
    try {
      return bytes(PLAIN.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not representable as JSON: " + e.getOriginalMessage(), e);
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
