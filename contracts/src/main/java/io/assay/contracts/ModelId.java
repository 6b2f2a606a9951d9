package io.assay.contracts;

import java.util.UUID;

/** The id of a model. */
public record ModelId(UUID value) implements EntityId {

  @Override
  public String kind() {
    return "model";
  }

  /** Reads the one spelling of a UUID, lower case with hyphens. */
  public static ModelId parse(String spelled) {
    return new ModelId(Uuids.parse(spelled));
  }
}
