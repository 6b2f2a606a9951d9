package io.assay.contracts;

/**
 * Writes strings as RFC 8785 (section 3.2.2.2) wants them. Refuses lone surrogates and NUL, which
 * strict UTF-8 and PostgreSQL cannot hold.
 */
public final class CanonicalText {

  private static final String HEX = "0123456789abcdef";

  private CanonicalText() {}

  /** Appends the string in its quotes. */
  public static StringBuilder append(StringBuilder json, String text) {
    json.append('"');
    int written = 0; // what is spelt as it is, is appended at once
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c != '"' && c != '\\' && !Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      escape(json.append(text, written, i), c);
      written = i + 1;
    }
    json.append(text, written, text.length());
    return json.append('"');
  }

  private static void escape(StringBuilder json, char c) {
    switch (c) {
      case '"' -> json.append("\\\"");
      case '\\' -> json.append("\\\\");
      case '\b' -> json.append("\\b");
      case '\t' -> json.append("\\t");
      case '\n' -> json.append("\\n");
      case '\f' -> json.append("\\f");
      case '\r' -> json.append("\\r");
      case '\0' -> throw new IllegalArgumentException("The character NUL cannot be recorded");
      default -> {
        if (c >= ' ') {
          throw new IllegalArgumentException("Half a Unicode pair cannot be recorded");
        }
        json.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
  }
}
