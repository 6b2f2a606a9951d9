package io.assay.contracts;

import java.util.UUID;

/** The id of a policy. */
public record PolicyId(UUID value) implements EntityId {

  @Override
  public String kind() {
    return "policy";
  }

  /** Reads the one spelling of a UUID, lower case with hyphens. */
  public static PolicyId parse(String spelled) {
    return new PolicyId(Uuids.parse(spelled));
  }
}
