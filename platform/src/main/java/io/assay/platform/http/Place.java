package io.assay.platform.http;

import org.jspecify.annotations.Nullable;

/**
 * Where a value stands in a JSON document. Its pointer is spelt when something is wrong there.
 *
 * @param within the object or array that holds it; null for the whole
 * @param token its name or number there
 */
record Place(@Nullable Place within, String token) {

  /** The whole document. */
  static final Place ROOT = new Place(null, "");

  Place member(String name) {
    return new Place(this, name);
  }

  Place element(int number) {
    return new Place(this, Integer.toString(number));
  }

  /** As RFC 6901 spells it. */
  String pointer() {
    return within == null
        ? ""
        : within.pointer() + '/' + token.replace("~", "~0").replace("/", "~1");
  }
}
