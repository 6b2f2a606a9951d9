package io.assay.policy.conditions;

import io.assay.contracts.RunEvent;
import io.assay.contracts.VersionEvent.BiasMetric;
import io.assay.contracts.VersionEvent.BiasVerdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of one evaluation of one condition, as its expressions call them. They note which
 * events were looked at, and until when the answer can hold.
 *
 * <p>What is not there, or was measured on too little, is an error of the expression: it passes
 * only where its truth does not depend on it.
 */
final class Inputs {

  /** Spellings of one metric: the four-fifths rule speaks of selection rates. */
  private static final Map<String, String> SYNONYMS =
      Map.of(
          "selection-rate-ratio", "demographic-parity-ratio",
          "demographic-parity-ratio", "selection-rate-ratio");

  private final Evidence evidence;
  private final Instant now;
  private final @Nullable Duration maxAge;
  private final SortedSet<Long> sources = new TreeSet<>();
  private @Nullable Instant expiry;

  Inputs(Evidence evidence, Instant now, @Nullable Duration maxAge) {
    this.evidence = evidence;
    this.now = now;
    this.maxAge = maxAge;
  }

  /** Variables by name. */
  Map<String, Object> variables() {
    var variables = new HashMap<String, Object>();
    variables.put("bias", new Bias(this));
    variables.put("evaluation", new Evaluation(this));
    variables.put("artifacts", new Artifacts(this));
    variables.put("run", new Run(this));
    variables.put("data", new Data(this));
    variables.put("model", new Model(this));
    return variables;
  }

  SortedSet<Long> sources() {
    return sources;
  }

  /** When the oldest evidence used becomes too old; null where none does. */
  @Nullable Instant expiry() {
    return expiry;
  }

  private void used(long position) {
    sources.add(position);
  }

  private Duration age(long position, Instant measuredAt, String what) {
    used(position);
    var age = Duration.between(measuredAt, now);
    if (maxAge != null) {
      if (age.compareTo(maxAge) > 0) {
        throw EvidenceLackingException.insufficient(
            what + " is " + age.toDays() + " days old, older than " + maxAge.toDays() + " days");
      }
      var expires = measuredAt.plus(maxAge);
      expiry = expiry == null || expires.isBefore(expiry) ? expires : expiry;
    }
    return age;
  }

  /** The newest bias evaluation of an attribute counts, also where an older one says better. */
  record Bias(Inputs inputs) {

    Metric metric(String attribute, String name, @Nullable String group) {
      var evaluation = newest(attribute);
      inputs.age(evaluation.position(), evaluation.measuredAt(), evaluation("by " + attribute));
      return evaluation.metrics().stream()
          .filter(metric -> named(metric, name) && java.util.Objects.equals(metric.group(), group))
          .findFirst()
          .map(Metric::new)
          .orElseThrow(
              () ->
                  EvidenceLackingException.missing(
                      evaluation("by " + attribute) + " has no " + name));
    }

    Duration age(String attribute) {
      var newest = newest(attribute);
      return inputs.age(newest.position(), newest.measuredAt(), evaluation("by " + attribute));
    }

    private Evidence.BiasEvaluation newest(String attribute) {
      return inputs.evidence.biasEvaluations().stream()
          .filter(evaluation -> evaluation.attribute().equals(attribute))
          .max(Comparator.comparingLong(Evidence.BiasEvaluation::position))
          .orElseThrow(
              () -> EvidenceLackingException.missing("No bias evaluation by " + attribute));
    }

    private static String evaluation(String which) {
      return "The newest bias evaluation " + which;
    }

    private static boolean named(BiasMetric metric, String name) {
      return metric.name().equals(name) || metric.name().equals(SYNONYMS.get(name));
    }
  }

  /** One bias metric; speaks only where the evidence suffices. */
  record Metric(BiasMetric metric) {

    Ratio estimate() {
      return Ratio.parse(sufficient(metric.exact()));
    }

    Ratio lower() {
      return Ratio.of(sufficient(metric.lower()));
    }

    Ratio upper() {
      return Ratio.of(sufficient(metric.upper()));
    }

    long denominator() {
      return metric.smallestDenominator();
    }

    private <T> T sufficient(@Nullable T value) {
      if (value == null || metric.verdict() == BiasVerdict.INSUFFICIENT_EVIDENCE) {
        throw EvidenceLackingException.insufficient(
            metric.name()
                + " rests on a smallest denominator of "
                + metric.smallestDenominator()
                + ", too little to say");
      }
      return value;
    }
  }

  /** The newest evaluation that has the metric counts. */
  record Evaluation(Inputs inputs) {

    Ratio metric(String name) {
      var newest =
          newest(evaluation -> evaluation.metrics().containsKey(name))
              .orElseThrow(
                  () -> EvidenceLackingException.missing("No evaluation measured " + name));
      inputs.age(newest.position(), newest.measuredAt(), "The newest evaluation of " + name);
      double value = newest.metrics().getOrDefault(name, Double.NaN);
      if (!Double.isFinite(value)) {
        throw EvidenceLackingException.insufficient(name + " is not a finite number");
      }
      return Ratio.of(value);
    }

    Duration age() {
      var newest =
          newest(evaluation -> true)
              .orElseThrow(() -> EvidenceLackingException.missing("No evaluation"));
      return inputs.age(newest.position(), newest.measuredAt(), "The newest evaluation");
    }

    private Optional<Evidence.Evaluation> newest(Predicate<Evidence.Evaluation> which) {
      return inputs.evidence.evaluations().stream()
          .filter(which)
          .max(Comparator.comparingLong(Evidence.Evaluation::position));
    }
  }

  /** The version's files. */
  record Artifacts(Inputs inputs) {
    boolean complete() {
      inputs.evidence.artifacts().positions().forEach(inputs::used);
      return inputs.evidence.artifacts().missing().isEmpty();
    }
  }

  /** The training run. */
  record Run(Inputs inputs) {
    boolean finished() {
      var run = inputs.evidence.run();
      if (run == null) {
        throw EvidenceLackingException.missing("The version names no training run");
      }
      inputs.used(run.position());
      if (run.outcome() == null) {
        throw EvidenceLackingException.missing("The training run has not ended");
      }
      return run.outcome() == RunEvent.Outcome.FINISHED;
    }
  }

  /** The dataset versions behind the run and the evaluations. */
  record Data(Inputs inputs) {
    boolean validated() {
      if (inputs.evidence.datasets().isEmpty()) {
        throw EvidenceLackingException.missing("No dataset version is known");
      }
      boolean passed = true;
      for (var dataset : inputs.evidence.datasets()) {
        inputs.used(dataset.position());
        if (dataset.validation() == null) {
          throw EvidenceLackingException.missing("A dataset version has no validation report");
        }
        passed &= dataset.validation().passed();
      }
      return passed;
    }
  }

  /** The model. */
  record Model(Inputs inputs) {

    String riskTier() {
      inputs.used(inputs.evidence.model().position());
      return inputs.evidence.model().riskTier();
    }

    String kind() {
      inputs.used(inputs.evidence.model().position());
      return inputs.evidence.model().kind();
    }
  }
}
