package io.assay.platform.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * One spelling for each path, so that no rule about paths can be walked around.
 *
 * <p>A canonical path begins with a slash and has no empty segment, no dot segment, no semicolon
 * and no slash at its end. Letters, digits and {@code - . _ ~} stand plain; any other character is
 * percent-encoded UTF-8 with upper-case digits, except that {@code ! $ & ' ( ) * + , = : @} may
 * stand plain, as clients differ there. Control characters, and encoded slash, backslash, percent
 * sign and dot, have no place at all. Of a query only control characters and bytes that are not
 * UTF-8 are refused.
 *
 * <p>Source: RFC 3986, sections 2.3, 3.3 and 6.2.2.
 */
public final class CanonicalPath {

  private static final String PLAIN = "-._~";
  private static final String EITHER = "!$&'()*+,=:@";

  private CanonicalPath() {}

  /** What is wrong with the target of a request ({@code /path?query}), if anything is. */
  public static Optional<String> fault(String target) {
    int question = target.indexOf('?');
    var path = question < 0 ? target : target.substring(0, question);
    var fault = pathFault(path);
    return fault.isPresent() || question < 0 ? fault : queryFault(target.substring(question + 1));
  }

  private static Optional<String> pathFault(String path) {
    if (!path.startsWith("/")) {
      return Optional.of("A path begins with a slash.");
    }
    if (path.length() > 1 && path.endsWith("/")) {
      return Optional.of("A path does not end with a slash.");
    }
    if (path.length() > 1) {
      for (var segment : path.substring(1).split("/", -1)) {
        if (segment.isEmpty()) {
          return Optional.of("A path has no empty segment.");
        }
        if (segment.equals(".") || segment.equals("..")) {
          return Optional.of("A path has no dot segment.");
        }
        var fault = segmentFault(segment);
        if (fault.isPresent()) {
          return fault;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> segmentFault(String segment) {
    var bytes = new ByteArrayOutputStream(segment.length());
    boolean encoded = false;
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c == '%') {
        encoded = true;
        int octet = octet(segment, i);
        if (octet < 0) {
          return Optional.of("A percent sign is followed by two upper-case hexadecimal digits.");
        }
        if (octet < 0x80 && unreserved((char) octet)
            || octet == '/'
            || octet == '\\'
            || octet == '%') {
          return Optional.of("The character " + (char) octet + " is not encoded in a path.");
        }
        bytes.write(octet);
        i += 2;
      } else if (unreserved(c) || EITHER.indexOf(c) >= 0) {
        bytes.write(c);
      } else {
        return Optional.of(
            c == ';' ? "A path has no semicolon." : "A character of the path is not encoded.");
      }
    }
    // What stands plain is text of ASCII.
    return encoded ? textFault(bytes.toByteArray(), "path") : Optional.empty();
  }

  private static Optional<String> queryFault(String query) {
    var upper = query.toUpperCase(Locale.ROOT);
    var bytes = new ByteArrayOutputStream(query.length());
    for (int i = 0; i < query.length(); i++) {
      char c = query.charAt(i);
      if (c == '%') {
        int octet = octet(upper, i);
        if (octet < 0) {
          return Optional.of("A percent sign is followed by two hexadecimal digits.");
        }
        bytes.write(octet);
        i += 2;
      } else if (c >= 0x80) {
        return Optional.of("A character of the query is not encoded.");
      } else {
        bytes.write(c);
      }
    }
    return textFault(bytes.toByteArray(), "query");
  }

  /** Strict UTF-8: no overlong forms, no surrogates; and nothing that is not text. */
  private static Optional<String> textFault(byte[] bytes, String where) {
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return text.chars().anyMatch(Character::isISOControl)
          ? Optional.of("A " + where + " has no control characters.")
          : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.of("The encoded bytes of the " + where + " are not UTF-8.");
    }
  }

  private static int octet(String text, int percent) {
    if (percent + 2 >= text.length()) {
      return -1;
    }
    int high = digit(text.charAt(percent + 1));
    int low = digit(text.charAt(percent + 2));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static int digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  }

  private static boolean unreserved(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || PLAIN.indexOf(c) >= 0;
  }
}
