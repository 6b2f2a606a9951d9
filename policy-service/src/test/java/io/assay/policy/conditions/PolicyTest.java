package io.assay.policy.conditions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.contracts.ConditionResult.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyTest {

  @Test
  void anAnswerNamesTheEventsThatItRestsOn() {
    var answer = production(3, "1/100");

    assertThat(answer.conditions())
        .allSatisfy(condition -> assertThat(condition.sources()).containsExactly(7L));
  }

  @Test
  void anAnswerExpiresWhenItsEvidenceBecomesTooOld() {
    assertThat(production(3, "1/100").expiry())
        .isEqualTo(Policies.NOW.plus(Duration.ofDays(90 - 3)));
  }

  @Test
  void theNewestEvaluationCountsAlsoWhereAnOlderOneSaysBetter() {
    var better = bias(5, 10, "1/100");
    var newest = bias(9, 2, "9/100");

    var answer =
        Policy.of(Policies.shipped("production-v1"))
            .ask(Policies.evidence(newest, better), Policies.NOW);

    assertThat(answer.permits()).isFalse();
    assertThat(answer.conditions().getFirst().sources()).containsExactly(9L);
  }

  @Test
  void whatIsNotMeasuredNeverPassesNegatedNeither() {
    var policy =
        Policy.of(Policies.of("!(bias.metric('race', 'impact-ratio').estimate() > ratio('0.1'))"));

    assertThat(policy.ask(Policies.evidence(), Policies.NOW).conditions())
        .singleElement()
        .satisfies(condition -> assertThat(condition.verdict()).isEqualTo(Verdict.MISSING));
  }

  @Test
  void aConditionPassesWithoutEvidenceThatItsTruthDoesNotDependOn() {
    var policy =
        Policy.of(
            Policies.of(
                "bias.metric('race', 'impact-ratio').estimate() > ratio('0.1')"
                    + " || model.riskTier() == 'high'"));

    assertThat(policy.ask(Policies.evidence(), Policies.NOW).permits()).isTrue();
  }

  @Test
  void aDecimalMetricIsComparedAsTheDecimalThatItIsWrittenAs() {
    var policy = Policy.of(Policies.of("evaluation.metric('auc') == ratio('0.1') + ratio('0.2')"));
    var evidence =
        new Evidence(
            new Evidence.Model(1, "ml", "high"),
            new Evidence.Artifacts(List.of(2L), List.of()),
            null,
            List.of(),
            List.of(new Evidence.Evaluation(4, Policies.NOW, java.util.Map.of("auc", 0.3))),
            List.of(),
            null);

    assertThat(policy.ask(evidence, Policies.NOW).permits()).isTrue();
  }

  @Test
  void aVersionThatIsQuarantinedIsNeverPermitted() {
    var fine = Policies.evidence(bias(7, 1, "1/100"));
    var quarantined =
        new Evidence(
            fine.model(),
            fine.artifacts(),
            null,
            List.of(),
            List.of(),
            fine.biasEvaluations(),
            11L);

    var answer = Policy.of(Policies.shipped("production-v1")).ask(quarantined, Policies.NOW);

    assertThat(answer.permits()).isFalse();
    assertThat(answer.conditions().getFirst().name()).isEqualTo("version-usable");
  }

  @Test
  void everyFaultOfAnExpressionIsNamedWithItsConditionAndPlace() {
    assertThatThrownBy(() -> Policy.of(Policies.of("bias.foo('x') && 1 + 'a' == 3")))
        .isInstanceOfSatisfying(
            FaultyDocumentException.class,
            e ->
                assertThat(e.faults())
                    .extracting(DocumentFault::pointer, DocumentFault::line, DocumentFault::column)
                    .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("/conditions/0/expression", 5, 26),
                        org.assertj.core.groups.Tuple.tuple("/conditions/0/expression", 5, 37)))
        .hasMessageContaining("condition c: undeclared reference to 'foo'");
  }

  @Test
  void aSlipThatTypesCannotSeeIsAFaultToo() {
    refuses(
        "bias.metric('race', 'predictive-parity').estimate() < ratio('1')", "is no bias metric");
    refuses("evaluation.metric('auc') > ratio('5 percent')", "A ratio is a decimal number");
    refuses("evaluation.metric('auc')", "A bool is expected, not ratio");
    refuses("evaluation.metric('auc') > 0.9", "found no matching overload for '_>_'");
  }

  private static void refuses(String expression, String detail) {
    assertThatThrownBy(() -> Policy.of(Policies.of(expression)))
        .isInstanceOf(FaultyDocumentException.class)
        .hasMessageContaining(detail);
  }

  private static Policy.Answer production(int ageInDays, String predictiveParity) {
    return Policy.of(Policies.shipped("production-v1"))
        .ask(Policies.evidence(bias(7, ageInDays, predictiveParity)), Policies.NOW);
  }

  private static Evidence.BiasEvaluation bias(long position, int ageInDays, String exact) {
    return new Evidence.BiasEvaluation(
        position,
        Policies.NOW.minus(Duration.ofDays(ageInDays)),
        "race",
        List.of(Policies.metric("predictive-parity-difference", exact)));
  }
}
