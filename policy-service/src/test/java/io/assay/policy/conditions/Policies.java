package io.assay.policy.conditions;

import io.assay.contracts.VersionEvent.BiasMetric;
import io.assay.contracts.VersionEvent.BiasVerdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Policies and evidence for tests. */
public final class Policies {

  public static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private Policies() {}

  /** A policy that ships with the service. */
  public static String shipped(String name) {
    try (InputStream in = Policies.class.getResourceAsStream("/policies/" + name + ".yaml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A policy of one condition. */
  public static String of(String expression) {
    return """
        name: p
        environment: production
        conditions:
          - name: c
            expression: "%s"
            required: something
        """
        .formatted(expression);
  }

  public static Evidence evidence(Evidence.BiasEvaluation... bias) {
    return new Evidence(
        new Evidence.Model(1, "ml", "high"),
        new Evidence.Artifacts(List.of(2L, 3L), List.of()),
        null,
        List.of(),
        List.of(),
        List.of(bias),
        null);
  }

  public static BiasMetric metric(String name, String exact) {
    boolean insufficient = exact.equals("insufficient");
    return new BiasMetric(
        name,
        null,
        null,
        insufficient ? null : exact,
        insufficient ? null : Ratio.parse(exact).toDouble(),
        null,
        null,
        null,
        insufficient ? 0 : 500,
        insufficient ? BiasVerdict.INSUFFICIENT_EVIDENCE : null);
  }
}
