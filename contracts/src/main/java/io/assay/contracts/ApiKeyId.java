package io.assay.contracts;

import java.util.UUID;

/** The id of an API key. */
public record ApiKeyId(UUID value) implements EntityId {

  @Override
  public String kind() {
    return "api-key";
  }

  /** Reads the one spelling of a UUID, lower case with hyphens. */
  public static ApiKeyId parse(String spelled) {
    return new ApiKeyId(Uuids.parse(spelled));
  }
}
