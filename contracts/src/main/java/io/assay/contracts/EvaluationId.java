package io.assay.contracts;

import java.util.UUID;

/** The id of an evaluation. */
public record EvaluationId(UUID value) implements EntityId {

  @Override
  public String kind() {
    return "evaluation";
  }

  /** Reads the one spelling of a UUID, lower case with hyphens. */
  public static EvaluationId parse(String spelled) {
    return new EvaluationId(Uuids.parse(spelled));
  }
}
