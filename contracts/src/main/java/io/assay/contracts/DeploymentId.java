package io.assay.contracts;

import java.util.UUID;

/** The id of a deployment. */
public record DeploymentId(UUID value) implements EntityId {

  @Override
  public String kind() {
    return "deployment";
  }

  /** Reads the one spelling of a UUID, lower case with hyphens. */
  public static DeploymentId parse(String spelled) {
    return new DeploymentId(Uuids.parse(spelled));
  }
}
