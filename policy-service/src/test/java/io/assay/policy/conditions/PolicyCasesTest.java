package io.assay.policy.conditions;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.ConditionResult;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.yaml.snakeyaml.Yaml;

/**
 * The cases of {@code policy-cases/} hold: one case is one set of evidence and what is said of it.
 */
class PolicyCasesTest {

  @TestFactory
  @SuppressWarnings("unchecked")
  Stream<DynamicTest> production() {
    InputStream cases = getClass().getResourceAsStream("/policy-cases/production.yaml");
    List<Map<String, Object>> all = new Yaml().load(cases);
    assertThat(all).hasSizeGreaterThan(5);
    return all.stream()
        .map(one -> DynamicTest.dynamicTest((String) one.get("case"), () -> holds(one)));
  }

  @SuppressWarnings("unchecked")
  private static void holds(Map<String, Object> expected) {
    var policy = Policy.of(Policies.shipped((String) value(expected, "policy")));

    var answer = policy.ask(evidence((Map<String, Object>) expected.get("bias")), Policies.NOW);

    assertThat(answer.permits()).isEqualTo(expected.get("permits"));
    var said = new HashMap<String, Map<String, Object>>();
    for (var condition : answer.conditions()) {
      said.put(condition.name(), spelled(condition));
    }
    assertThat(said).isEqualTo(expected.get("conditions"));
  }

  private static Map<String, Object> spelled(ConditionResult condition) {
    var spelled = new HashMap<String, Object>();
    spelled.put("verdict", condition.verdict().name());
    if (condition.actual() != null) {
      spelled.put("actual", condition.actual());
    }
    if (condition.shortfall() != null) {
      spelled.put("shortfall", condition.shortfall());
    }
    return spelled;
  }

  @SuppressWarnings("unchecked")
  private static Evidence evidence(@Nullable Map<String, Object> bias) {
    if (bias == null) {
      return Policies.evidence();
    }
    var metrics =
        ((Map<String, String>) value(bias, "metrics"))
            .entrySet().stream()
                .map(metric -> Policies.metric(metric.getKey(), metric.getValue()))
                .toList();
    var age = Duration.ofDays((Integer) value(bias, "ageInDays"));
    return Policies.evidence(
        new Evidence.BiasEvaluation(
            7, Policies.NOW.minus(age), (String) value(bias, "attribute"), metrics));
  }

  private static Object value(Map<String, Object> fields, String name) {
    return Objects.requireNonNull(fields.get(name), name);
  }
}
