package io.assay.contracts;

import java.util.UUID;

/** The id of a model version. */
public record VersionId(UUID value) implements EntityId {

  @Override
  public String kind() {
    return "version";
  }

  /** Reads the one spelling of a UUID, lower case with hyphens. */
  public static VersionId parse(String spelled) {
    return new VersionId(Uuids.parse(spelled));
  }
}
