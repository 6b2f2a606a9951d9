package io.assay.platform.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * JSON as it can be recorded: strict UTF-8, each name once in an object, whole surrogate pairs, no
 * NUL, integers below 2^53, nested at most {@value #DEPTH} deep, and nothing after the value.
 * Anything else is refused with the place where it stands.
 */
final class StrictJson {

  private static final int DEPTH = 64;
  private static final long GREATEST = (1L << 53) - 1;
  private static final ObjectMapper TREES =
      new ObjectMapper(
          JsonFactory.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(DEPTH)
                      .maxNumberLength(100)
                      .build())
              .build());

  private StrictJson() {}

  /**
   * The value of a body that keeps all rules.
   *
   * @throws ProblemException {@code malformed-json}, with the place
   */
  static JsonNode read(byte[] body) {
    try (var parser = TREES.createParser(decode(body))) {
      JsonNode value = TREES.readTree(parser);
      if (value == null || value.isMissingNode()) {
        throw fault(Place.ROOT, "The body is empty; this route reads JSON.");
      }
      if (parser.nextToken() != null) {
        throw fault(Place.ROOT, "Nothing follows the JSON value of a body.");
      }
      check(value, Place.ROOT);
      return value;
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw fault(
          Place.ROOT,
          sentence(e.getOriginalMessage())
              + (at == null
                  ? ""
                  : " Line " + at.getLineNr() + ", column " + at.getColumnNr() + "."));
    } catch (IOException e) {
      throw new UncheckedIOException("Reading from memory does not fail", e);
    }
  }

  private static void check(JsonNode value, Place place) {
    switch (value.getNodeType()) {
      case OBJECT -> {
        for (var member : value.properties()) {
          var inner = place.member(member.getKey());
          text(member.getKey(), inner);
          check(member.getValue(), inner);
        }
      }
      case ARRAY -> {
        for (int i = 0; i < value.size(); i++) {
          check(value.get(i), place.element(i));
        }
      }
      case STRING -> text(value.textValue(), place);
      case NUMBER -> number(value, place);
      default -> {}
    }
  }

  private static void number(JsonNode value, Place place) {
    if (value.isIntegralNumber()) {
      if (!value.canConvertToLong()
          || value.longValue() > GREATEST
          || value.longValue() < -GREATEST) {
        throw fault(place, "An integer is between -(2^53 - 1) and 2^53 - 1.");
      }
    } else if (!Double.isFinite(value.doubleValue())) {
      throw fault(place, "A number fits into 64 bits of IEEE 754.");
    }
  }

  private static void text(String text, Place place) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw fault(place, "Text does not hold the character NUL (U+0000).");
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw fault(place, "Text does not hold half a Unicode pair; send both halves, or UTF-8.");
      }
    }
  }

  private static String decode(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw fault(Place.ROOT, "The body is not UTF-8.");
    }
  }

  private static String sentence(String message) {
    var line = message.lines().findFirst().orElse("This is not JSON").strip();
    return line.endsWith(".") ? line : line + '.';
  }

  private static ProblemException fault(Place place, String detail) {
    return new ProblemException(Rejection.of("malformed-json", detail).at(place.pointer(), detail));
  }
}
