package io.assay.contracts;

import java.util.UUID;

/** The id of one immutable version of a dataset. */
public record DatasetVersionId(UUID value) implements EntityId {

  @Override
  public String kind() {
    return "dataset-version";
  }

  /** Reads the one spelling of a UUID, lower case with hyphens. */
  public static DatasetVersionId parse(String spelled) {
    return new DatasetVersionId(Uuids.parse(spelled));
  }
}
