package io.assay.contracts;

import java.util.UUID;

/** The id of a promotion. */
public record PromotionId(UUID value) implements EntityId {

  @Override
  public String kind() {
    return "promotion";
  }

  /** Reads the one spelling of a UUID, lower case with hyphens. */
  public static PromotionId parse(String spelled) {
    return new PromotionId(Uuids.parse(spelled));
  }
}
