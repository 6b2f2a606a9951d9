package io.assay.contracts;

import java.util.UUID;

/** The id of an AI system. */
public record SystemId(UUID value) implements EntityId {

  @Override
  public String kind() {
    return "system";
  }

  /** Reads the one spelling of a UUID, lower case with hyphens. */
  public static SystemId parse(String spelled) {
    return new SystemId(Uuids.parse(spelled));
  }
}
