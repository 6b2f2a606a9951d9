package io.assay.contracts;

import java.util.UUID;

/** The id of a bias evaluation. */
public record BiasEvaluationId(UUID value) implements EntityId {

  @Override
  public String kind() {
    return "bias-evaluation";
  }

  /** Reads the one spelling of a UUID, lower case with hyphens. */
  public static BiasEvaluationId parse(String spelled) {
    return new BiasEvaluationId(Uuids.parse(spelled));
  }
}
