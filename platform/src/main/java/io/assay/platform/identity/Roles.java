package io.assay.platform.identity;

import io.assay.platform.problem.Rejection;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The roles, as tokens spell them. */
public final class Roles {

  public static final String ML_ENGINEER = "ml-engineer";
  public static final String MODEL_VALIDATOR = "model-validator";
  public static final String RISK_OFFICER = "risk-officer";
  public static final String COMPLIANCE_OFFICER = "compliance-officer";
  public static final String AUDITOR = "auditor";
  public static final String OPERATOR = "operator";
  public static final String ADMIN = "admin";

  /** Pipelines' service accounts; they never approve. */
  public static final String PIPELINE = "pipeline";

  /** Assay's own services, among themselves. */
  public static final String SERVICE = "service";

  /** What a group can give: a service is one by its own client, never by a group. */
  static final Set<String> GIVEN_BY_GROUPS =
      Set.of(
          ML_ENGINEER,
          MODEL_VALIDATOR,
          RISK_OFFICER,
          COMPLIANCE_OFFICER,
          AUDITOR,
          OPERATOR,
          ADMIN,
          PIPELINE);

  private Roles() {}

  /** What is wrong when the actor has none of these roles; empty when he has one. */
  public static Optional<Rejection> missing(Invocation invocation, String... anyOf) {
    return Arrays.stream(anyOf).anyMatch(invocation.roles()::contains)
        ? Optional.empty()
        : Optional.of(Rejection.roleMissing(List.of(anyOf)));
  }
}
