package io.assay.contracts;

import java.nio.charset.StandardCharsets;

/**
 * One index entry of an event, {@code key:value} on the wire.
 *
 * <p>A tag belongs to its event's workspace and is matched only within it. Refuses empty parts, a
 * colon in the key, control characters, and more than {@value #MAX_BYTES} bytes of UTF-8.
 */
public record Tag(String key, String value) implements Comparable<Tag> {

  /** The longest tag, {@code key:value}, in bytes of UTF-8. */
  public static final int MAX_BYTES = 200;

  private static final int MOST_BYTES_OF_A_CHARACTER = 3;

  public Tag {
    if (key.isEmpty() || value.isEmpty() || key.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "A tag is key:value with both parts, not " + key + ":" + value);
    }
    if (hasControl(key) || hasControl(value)) {
      throw new IllegalArgumentException("A tag has no control characters");
    }
    int most = (key.length() + 1 + value.length()) * MOST_BYTES_OF_A_CHARACTER;
    if (most > MAX_BYTES
        && (key + ':' + value).getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new IllegalArgumentException("A tag has at most " + MAX_BYTES + " bytes");
    }
  }

  /** Reads {@code key:value}; the value may hold further colons. */
  public static Tag parse(String spelled) {
    int colon = spelled.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("A tag is key:value, not " + spelled);
    }
    return new Tag(spelled.substring(0, colon), spelled.substring(colon + 1));
  }

  @Override
  public int compareTo(Tag other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return key + ':' + value;
  }

  private static boolean hasControl(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }
}
