package io.assay.platform.identity.dev;

import io.assay.platform.identity.Roles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The users and service clients of a development installation, with one role each. */
public final class DevelopmentUsers {

  private static final Map<String, String> USERS = new LinkedHashMap<>();
  private static final Map<String, String> CLIENTS =
      Map.of("assay-registry", Roles.SERVICE, "assay-policy", Roles.SERVICE);

  static {
    add(Roles.ML_ENGINEER, 2);
    add(Roles.MODEL_VALIDATOR, 2);
    add(Roles.RISK_OFFICER, 2);
    add(Roles.COMPLIANCE_OFFICER, 3);
    add(Roles.AUDITOR, 1);
    add(Roles.OPERATOR, 2);
    add(Roles.ADMIN, 1);
    add(Roles.PIPELINE, 1);
  }

  private DevelopmentUsers() {}

  /** The names, by role. */
  public static List<String> names() {
    return List.copyOf(USERS.keySet());
  }

  static Optional<String> roleOf(String user) {
    return Optional.ofNullable(USERS.get(user));
  }

  static Optional<String> roleOfClient(String client) {
    return Optional.ofNullable(CLIENTS.get(client));
  }

  private static void add(String role, int count) {
    for (int i = 1; i <= count; i++) {
      USERS.put(role + '-' + i, role);
    }
  }
}
