package io.assay.registry.http;

import io.assay.contracts.ConditionResult;
import io.assay.contracts.PromotionEvent;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.registry.api.model.Condition;
import io.assay.registry.api.model.ConditionOutcome;
import io.assay.registry.api.model.ConditionSeverity;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a policy said, as the interface spells it. */
final class Conditions {

  private Conditions() {}

  /** Of a decision: where only approvals are missing, what is missed is pending. */
  static List<Condition> of(PromotionDecided decision) {
    boolean pending = decision.outcome() == PromotionEvent.Outcome.PENDING;
    return decision.conditions().stream()
        .map(condition -> of(condition, pending))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  static List<Condition> of(List<ConditionResult> conditions) {
    return conditions.stream()
        .map(condition -> of(condition, false))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static Condition of(ConditionResult condition, boolean pending) {
    boolean blocking = condition.severity() == ConditionResult.Severity.BLOCKING;
    return new Condition(
            condition.name(),
            blocking ? ConditionSeverity.BLOCKING : ConditionSeverity.ADVISORY,
            switch (condition.verdict()) {
              case PASS -> ConditionOutcome.MET;
              case FAIL -> pending && blocking ? ConditionOutcome.PENDING : ConditionOutcome.MISSED;
              case INSUFFICIENT_EVIDENCE, MISSING ->
                  pending && blocking
                      ? ConditionOutcome.PENDING
                      : ConditionOutcome.INSUFFICIENT_EVIDENCE;
            },
            condition.required(),
            condition.sources())
        .actual(condition.actual())
        .shortfall(condition.shortfall())
        .remedy(condition.remedy());
  }
}
