package io.assay.contracts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one condition of a policy said.
 *
 * @param actual the value found, as text; absent where there was no evidence
 * @param required what the policy demands, as text
 * @param shortfall by how much the value misses, as text; absent where it passes or has no measure
 * @param sources positions of the events that the answer rests on
 * @param remedy what to do about it
 */
public record ConditionResult(
    String name,
    Severity severity,
    Verdict verdict,
    @Nullable String actual,
    String required,
    @Nullable String shortfall,
    List<Long> sources,
    @Nullable String remedy) {

  /** Whether missing the condition refuses, or only warns. */
  public enum Severity {
    BLOCKING,
    ADVISORY
  }

  public enum Verdict {
    PASS,
    FAIL,
    /** Too little was measured to say. */
    INSUFFICIENT_EVIDENCE,
    /** Nothing was measured. */
    MISSING
  }
}
