package io.assay.policy.conditions;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import io.assay.contracts.ConditionResult;
import io.assay.contracts.ConditionResult.Severity;
import io.assay.contracts.ConditionResult.Verdict;
import io.assay.contracts.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A policy that compiles: it can say, of any evidence, what each of its conditions says. */
public final class Policy {

  /** The document alone makes a policy, so that compiled ones can be kept by it. */
  private static final LoadingCache<String, Policy> COMPILED =
      Caffeine.newBuilder().maximumSize(1_000).build(Policy::compiled);

  private record Check(
      PolicyDocument.Condition condition,
      ConditionLanguage.Compiled expression,
      ConditionLanguage.@Nullable Compiled actual) {}

  private final PolicyDocument document;
  private final Sha256 digest;
  private final List<Check> checks;

  private Policy(PolicyDocument document, Sha256 digest, List<Check> checks) {
    this.document = document;
    this.digest = digest;
    this.checks = checks;
  }

  /**
   * Compiles a document.
   *
   * @throws FaultyDocumentException with every fault and its place
   */
  public static Policy of(String yaml) {
    return COMPILED.get(yaml);
  }

  /** The digest of a document: of its bytes as they are. */
  public static Sha256 digest(String yaml) {
    return Sha256.of(yaml.getBytes(StandardCharsets.UTF_8));
  }

  private static Policy compiled(String yaml) {
    var document = DocumentReader.read(yaml);
    var faults = new ArrayList<DocumentFault>();
    var checks = new ArrayList<Check>();
    for (var condition : document.conditions()) {
      var expression = ConditionLanguage.compile(condition.expression(), SimpleType.BOOL, faults);
      var actual =
          condition.actual() == null
              ? null
              : ConditionLanguage.compile(condition.actual(), null, faults);
      if (expression != null) {
        checks.add(new Check(condition, expression, actual));
      }
    }
    if (!faults.isEmpty()) {
      throw new FaultyDocumentException(
          faults.stream().map(fault -> named(document, fault)).toList());
    }
    return new Policy(document, digest(yaml), List.copyOf(checks));
  }

  private static DocumentFault named(PolicyDocument document, DocumentFault fault) {
    int index = Integer.parseInt(fault.pointer().split("/", -1)[2]);
    return new DocumentFault(
        fault.pointer(),
        fault.line(),
        fault.column(),
        "condition " + document.conditions().get(index).name() + ": " + fault.detail());
  }

  public PolicyDocument document() {
    return document;
  }

  public Sha256 digest() {
    return digest;
  }

  /**
   * What the conditions say.
   *
   * @param expiry when evidence that an answer rests on becomes too old
   */
  public record Answer(List<ConditionResult> conditions, @Nullable Instant expiry) {

    /** Whether nothing stands against it. */
    public boolean permits() {
      return conditions.stream()
          .allMatch(
              condition ->
                  condition.verdict() == Verdict.PASS || condition.severity() == Severity.ADVISORY);
    }
  }

  /** Asks every condition, at this time. */
  public Answer ask(Evidence evidence, Instant now) {
    var results = new ArrayList<ConditionResult>();
    @Nullable Instant expiry = null;
    if (evidence.unusable() != null) {
      results.add(unusable(evidence.unusable()));
    }
    for (var check : checks) {
      var inputs = new Inputs(evidence, now, check.condition().maxAge());
      results.add(ask(check, inputs));
      var expires = inputs.expiry();
      if (expires != null && (expiry == null || expires.isBefore(expiry))) {
        expiry = expires;
      }
    }
    return new Answer(List.copyOf(results), expiry);
  }

  private static ConditionResult ask(Check check, Inputs inputs) {
    try {
      if (Boolean.TRUE.equals(check.expression().value(inputs))) {
        return result(check, inputs, Verdict.PASS, shown(check, inputs), null);
      }
      var actual = check.actual() == null ? null : check.actual().value(inputs);
      return result(check, inputs, Verdict.FAIL, actual, shortfall(check, actual));
    } catch (EvidenceLackingException e) {
      var verdict = e.insufficient() ? Verdict.INSUFFICIENT_EVIDENCE : Verdict.MISSING;
      return result(check, inputs, verdict, null, null, e.getMessage());
    } catch (CelEvaluationException e) {
      return result(check, inputs, Verdict.FAIL, null, null, e.getMessage());
    }
  }

  /** The value of a condition that passes; it may rest on another branch than what is shown. */
  private static @Nullable Object shown(Check check, Inputs inputs) throws CelEvaluationException {
    try {
      return check.actual() == null ? null : check.actual().value(inputs);
    } catch (EvidenceLackingException e) {
      return null;
    }
  }

  private static ConditionResult result(
      Check check,
      Inputs inputs,
      Verdict verdict,
      @Nullable Object actual,
      @Nullable String shortfall) {
    return result(check, inputs, verdict, actual, shortfall, null);
  }

  private static ConditionResult result(
      Check check,
      Inputs inputs,
      Verdict verdict,
      @Nullable Object actual,
      @Nullable String shortfall,
      @Nullable String lacking) {
    var condition = check.condition();
    var remedy = verdict == Verdict.PASS ? null : condition.remedy();
    if (lacking != null) {
      remedy = remedy == null ? lacking + "." : lacking + ". " + remedy;
    }
    return new ConditionResult(
        condition.name(),
        condition.severity(),
        verdict,
        actual == null ? null : spelled(actual),
        condition.required(),
        shortfall,
        List.copyOf(inputs.sources()),
        remedy);
  }

  private static @Nullable String shortfall(Check check, @Nullable Object actual) {
    var measured = measured(actual);
    if (measured == null) {
      return null;
    }
    var missing = Demand.parse(check.condition().required()).shortfall(measured);
    return missing == null ? null : missing.decimalUp();
  }

  /** The value as a number in the unit of the demand: days where it is a time. */
  private static @Nullable Ratio measured(@Nullable Object actual) {
    return switch (actual) {
      case Ratio ratio -> ratio;
      case Long number -> Ratio.of(number, 1);
      case Duration duration -> Ratio.of(duration.toSeconds(), Duration.ofDays(1).toSeconds());
      case null, default -> null;
    };
  }

  private static String spelled(Object actual) {
    return switch (actual) {
      case Ratio ratio -> ratio.decimal();
      case Duration duration -> duration.toDays() == 1 ? "1 day" : duration.toDays() + " days";
      case Boolean truth -> truth ? "yes" : "no";
      default -> String.valueOf(actual);
    };
  }

  private static ConditionResult unusable(long position) {
    return new ConditionResult(
        "version-usable",
        Severity.BLOCKING,
        Verdict.FAIL,
        "quarantined or archived",
        "neither quarantined nor archived",
        null,
        List.of(position),
        "Register and promote another version.");
  }
}
