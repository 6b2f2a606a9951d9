package io.assay.contracts;

import java.util.UUID;

/** The id of a dataset. */
public record DatasetId(UUID value) implements EntityId {

  @Override
  public String kind() {
    return "dataset";
  }

  /** Reads the one spelling of a UUID, lower case with hyphens. */
  public static DatasetId parse(String spelled) {
    return new DatasetId(Uuids.parse(spelled));
  }
}
