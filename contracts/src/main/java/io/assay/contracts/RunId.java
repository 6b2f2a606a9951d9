package io.assay.contracts;

import java.util.UUID;

/** The id of one training or evaluation execution. */
public record RunId(UUID value) implements EntityId {

  @Override
  public String kind() {
    return "run";
  }

  /** Reads the one spelling of a UUID, lower case with hyphens. */
  public static RunId parse(String spelled) {
    return new RunId(Uuids.parse(spelled));
  }
}
