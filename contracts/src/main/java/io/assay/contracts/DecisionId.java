package io.assay.contracts;

import java.util.UUID;

/** The id of a decision. */
public record DecisionId(UUID value) implements EntityId {

  @Override
  public String kind() {
    return "decision";
  }

  /** Reads the one spelling of a UUID, lower case with hyphens. */
  public static DecisionId parse(String spelled) {
    return new DecisionId(Uuids.parse(spelled));
  }
}
