package io.assay.platform.identity;

import io.micronaut.context.exceptions.ConfigurationException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which roles a workload has whose claims all match. A pattern is matched as a whole and by case;
 * {@code *} stands for what holds neither {@code /} nor {@code :}, so that it reaches no further
 * than the part of the value that it stands in.
 *
 * <p>Refuses to be made where it could let in what nobody meant: without a claim that says whose
 * the workload is and begins with something fixed, such as {@code repository: acme/*}; with a role
 * that approves, administers or operates.
 *
 * @param claims patterns by the claim's name
 */
record WorkloadRule(Map<String, Pattern> claims, List<String> roles, String workspace) {

  /** What a workload or an API key can be; none of it approves. */
  static final Set<String> ROLES = Set.of(Roles.ML_ENGINEER, Roles.PIPELINE, Roles.AUDITOR);

  /**
   * The claims by which issuers that serve everybody tell one customer from another. That of a
   * reusable workflow is none: everybody calls a public one.
   */
  private static final Set<String> WHOSE =
      Set.of(
          "sub",
          "repository",
          "repository_id",
          "repository_owner",
          "repository_owner_id",
          "project_path",
          "project_id",
          "namespace_path",
          "namespace_id");

  private static final Pattern WORKSPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?");
  private static final Set<String> MEMBERS = Set.of("claims", "roles", "workspace");
  private static final int LONGEST_VALUE = 1_000;

  WorkloadRule {
    claims = Map.copyOf(claims);
    roles = List.copyOf(roles);
  }

  /** Reads one rule as it stands in the configuration. */
  static WorkloadRule of(String where, Map<String, Object> configured) {
    for (var member : configured.keySet()) {
      if (!MEMBERS.contains(member)) {
        throw new ConfigurationException(where + ": a rule has no " + member);
      }
    }
    var claims = new LinkedHashMap<String, Pattern>();
    boolean whose = false;
    if (configured.get("claims") instanceof Map<?, ?> all) {
      for (var claim : all.entrySet()) {
        var name = String.valueOf(claim.getKey());
        var value = String.valueOf(claim.getValue());
        claims.put(name, pattern(where, value));
        whose |= WHOSE.contains(name) && !value.startsWith("*");
      }
    }
    if (!whose) {
      throw new ConfigurationException(
          where + ": a rule names whose the workload is, by one of " + sorted(WHOSE));
    }
    var roles = texts(configured.get("roles"));
    if (roles.isEmpty() || !ROLES.containsAll(roles)) {
      throw new ConfigurationException(
          where + ": a workload has one or more of the roles " + sorted(ROLES));
    }
    var workspace =
        String.valueOf(configured.getOrDefault("workspace", Invocations.DEFAULT_WORKSPACE));
    if (!WORKSPACE.matcher(workspace).matches()) {
      throw new ConfigurationException(where + ": there is no workspace " + workspace);
    }
    return new WorkloadRule(claims, roles, workspace);
  }

  /** Whether a token says all that the rule asks for. */
  boolean matches(Map<String, Object> token) {
    return claims.entrySet().stream()
        .allMatch(claim -> matches(claim.getValue(), token.get(claim.getKey())));
  }

  private static boolean matches(Pattern pattern, @Nullable Object value) {
    return switch (value) {
      case String text -> text.length() <= LONGEST_VALUE && pattern.matcher(text).matches();
      case Boolean bit -> pattern.matcher(bit.toString()).matches();
      case Number number -> pattern.matcher(number.toString()).matches();
      case null, default -> false;
    };
  }

  private static Pattern pattern(String where, String value) {
    var expression = new StringBuilder();
    boolean starred = false;
    int from = 0;
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      if (c == '/' || c == ':') {
        starred = false;
      } else if (c == '*') {
        if (starred) { // two would take long to match, and are never needed
          throw new ConfigurationException(
              where + ": one * in a part of a value, not as in " + value);
        }
        starred = true;
        expression.append(Pattern.quote(value.substring(from, at))).append("[^/:]*");
        from = at + 1;
      }
    }
    if (value.isEmpty()) {
      throw new ConfigurationException(where + ": a claim without a value matches nothing");
    }
    return Pattern.compile(expression.append(Pattern.quote(value.substring(from))).toString());
  }

  private static List<String> texts(@Nullable Object value) {
    var texts = new ArrayList<String>();
    if (value instanceof Collection<?> values) {
      values.forEach(each -> texts.add(String.valueOf(each)));
    } else if (value instanceof String text) {
      for (var each : text.split(",", -1)) {
        texts.add(each.strip());
      }
    }
    return texts;
  }

  private static String sorted(Set<String> names) {
    return String.join(", ", names.stream().sorted().toList());
  }
}
