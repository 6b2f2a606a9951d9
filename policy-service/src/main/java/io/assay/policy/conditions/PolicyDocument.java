package io.assay.policy.conditions;

import io.assay.contracts.ConditionResult.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a policy's document says, before its expressions are compiled.
 *
 * @param validFor how long a decision under the policy holds at most
 */
public record PolicyDocument(
    String name,
    String environment,
    @Nullable String description,
    List<Condition> conditions,
    Approvals approvals,
    Duration validFor) {

  /**
   * One check.
   *
   * @param expression CEL of type bool
   * @param actual CEL of the measured value
   * @param required what is demanded, for people; {@code at most X} and {@code at least X} also
   *     give the shortfall
   * @param remedy what to do where it is missed
   * @param maxAge evidence older than this counts as none
   */
  public record Condition(
      String name,
      Severity severity,
      Expression expression,
      @Nullable Expression actual,
      String required,
      @Nullable String remedy,
      @Nullable Duration maxAge) {}

  /**
   * A CEL expression and where it stands in the document.
   *
   * @param line of its first character, from 1
   * @param column of its first character, from 1
   * @param pointer JSON pointer into the document
   */
  public record Expression(String source, int line, int column, String pointer) {}

  /**
   * Whose yes is needed.
   *
   * @param total so many persons
   * @param byRole of whom so many hold each role
   * @param validFor how long the request stays open
   */
  public record Approvals(int total, Map<String, Integer> byRole, Duration validFor) {

    /** Nobody's. */
    public static final Approvals NONE = new Approvals(0, Map.of(), Duration.ofDays(30));
  }
}
