package io.assay.contracts;

import java.util.UUID;

/** Reads UUIDs in their one spelling; {@link UUID#fromString} alone accepts many. */
final class Uuids {

  private Uuids() {}

  static UUID parse(String spelled) {
    var uuid = UUID.fromString(spelled);
    if (!uuid.toString().equals(spelled)) {
      throw new IllegalArgumentException("A UUID is 36 lower-case characters, not " + spelled);
    }
    return uuid;
  }
}
