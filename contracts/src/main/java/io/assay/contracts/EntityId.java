package io.assay.contracts;

import java.util.UUID;

/** The minted id of something with a history. On the wire it is the UUID alone. */
public interface EntityId {

  UUID value();

  /** The entity's kind, the key of its tag. */
  String kind();

  /** {@code kind:uuid}. */
  default Tag tag() {
    return new Tag(kind(), value().toString());
  }
}
