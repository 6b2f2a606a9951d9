package io.assay.contracts;

import java.util.UUID;

/** The id of a version of a policy. */
public record PolicyVersionId(UUID value) implements EntityId {

  @Override
  public String kind() {
    return "policy-version";
  }

  /** Reads the one spelling of a UUID, lower case with hyphens. */
  public static PolicyVersionId parse(String spelled) {
    return new PolicyVersionId(Uuids.parse(spelled));
  }
}
