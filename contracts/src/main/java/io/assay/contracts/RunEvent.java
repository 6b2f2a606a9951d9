package io.assay.contracts;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What happens to training and evaluation runs. */
public sealed interface RunEvent extends Event {

  enum Kind {
    TRAINING,
    EVALUATION
  }

  enum Outcome {
    FINISHED,
    FAILED,
    KILLED
  }

  /** Where the code is and which commit ran. */
  record Code(String repository, String commit) {}

  /** What the run used: seconds, bytes, watt-hours. */
  record Resources(
      @Nullable Double cpuSeconds,
      @Nullable Double gpuSeconds,
      @Nullable Long peakMemoryBytes,
      @Nullable Double energyWattHours) {}

  /** What the run cost, in an ISO 4217 currency. */
  record Cost(BigDecimal amount, String currency) {}

  /**
   * A run has started on these dataset versions, with this code and these parameters. The actor is
   * a contributor of every version that comes of it.
   */
  @EventType(name = "RunStarted", writer = Writer.REGISTRY)
  record RunStarted(
      RunId run,
      Kind kind,
      List<DatasetVersionId> inputs,
      @Nullable Instant startedAt,
      @Erasable @Nullable String name,
      @Erasable @Nullable Code code,
      @Erasable @Nullable Map<String, String> environment,
      @Erasable @Nullable Map<String, String> parameters)
      implements RunEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(run.tag());
    }
  }

  /**
   * A run has ended. Its metrics series, which the log does not hold, are sealed by their digest.
   */
  @EventType(name = "RunCompleted", writer = Writer.REGISTRY)
  record RunCompleted(
      RunId run,
      Outcome outcome,
      Map<String, Double> metrics,
      long points,
      Sha256 pointsDigest,
      @Nullable Resources resources,
      @Nullable Cost cost,
      @Nullable Instant endedAt)
      implements RunEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(run.tag());
    }
  }
}
