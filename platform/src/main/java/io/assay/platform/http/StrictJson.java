package io.assay.platform.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.contracts.CanonicalJson;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * JSON as it can be recorded: strict UTF-8, each name once in an object, whole surrogate pairs, no
 * NUL, integers below 2^53, nested at most {@value #DEPTH} deep, and nothing after the value.
 * Anything else is refused with the place where it stands.
 */
final class StrictJson {

  private static final int DEPTH = 64;
  private static final BigInteger GREATEST = BigInteger.valueOf((1L << 53) - 1);
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(DEPTH).maxNumberLength(100).build())
          .build();

  private static final ObjectMapper TREES = new ObjectMapper(FACTORY);

  private StrictJson() {}

  /**
   * The text of a body that keeps all rules.
   *
   * @throws ProblemException {@code malformed-json}, with the place
   */
  static String check(byte[] body) {
    var text = decode(body);
    try (var parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        throw fault("", "The body is empty; this route reads JSON.");
      }
      int depth = 0;
      int values = 0;
      for (var token = parser.currentToken(); token != null; token = parser.nextToken()) {
        if (depth == 0 && values++ > 0) {
          throw fault("", "Nothing follows the JSON value of a body.");
        }
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        check(token, parser);
      }
      return text;
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw fault(
          "",
          sentence(e.getOriginalMessage())
              + (at == null
                  ? ""
                  : " Line " + at.getLineNr() + ", column " + at.getColumnNr() + "."));
    } catch (IOException e) {
      throw new UncheckedIOException("Reading from memory does not fail", e);
    }
  }

  /** The tree of a text that was checked. */
  static JsonNode tree(String checked) {
    try {
      return TREES.readTree(checked);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not checked", e);
    }
  }

  /** The bytes that are the same for every spelling of the same JSON value. */
  static byte[] canonical(@Nullable String checked) {
    return checked == null ? new byte[0] : CanonicalJson.bytes(tree(checked));
  }

  private static void check(JsonToken token, JsonParser parser) throws IOException {
    switch (token) {
      case FIELD_NAME, VALUE_STRING -> text(parser);
      case VALUE_NUMBER_INT -> {
        if (parser.getBigIntegerValue().abs().compareTo(GREATEST) > 0) {
          throw fault(pointer(parser), "An integer is between -(2^53 - 1) and 2^53 - 1.");
        }
      }
      case VALUE_NUMBER_FLOAT -> {
        if (!Double.isFinite(parser.getDoubleValue())) {
          throw fault(pointer(parser), "A number fits into 64 bits of IEEE 754.");
        }
      }
      default -> {}
    }
  }

  private static void text(JsonParser parser) throws IOException {
    var text = parser.getText();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw fault(pointer(parser), "Text does not hold the character NUL (U+0000).");
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw fault(
            pointer(parser), "Text does not hold half a Unicode pair; send both halves, or UTF-8.");
      }
    }
  }

  private static String pointer(JsonParser parser) {
    return parser.getParsingContext().pathAsPointer().toString();
  }

  private static String decode(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw fault("", "The body is not UTF-8.");
    }
  }

  private static String sentence(String message) {
    var line = message.lines().findFirst().orElse("This is not JSON").strip();
    return line.endsWith(".") ? line : line + '.';
  }

  private static ProblemException fault(String pointer, String detail) {
    return new ProblemException(Rejection.of("malformed-json", detail).at(pointer, detail));
  }
}
