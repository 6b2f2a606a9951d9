package io.assay.registry.completerun;

import static io.assay.registry.testing.Examples.DIGEST;
import static io.assay.registry.testing.Examples.NOW;
import static io.assay.registry.testing.Examples.RUN;
import static io.assay.registry.testing.Examples.RUN_STARTED;

import io.assay.contracts.RunEvent;
import io.assay.contracts.RunEvent.RunCompleted;
import io.assay.platform.testing.DeciderFixture;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompleteRunTest {

  private final CompleteRun command =
      new CompleteRun(
          RUN, RunEvent.Outcome.FINISHED, Map.of("auc", 0.7), 2, DIGEST, null, null, NOW);
  private final RunCompleted completed =
      new RunCompleted(
          RUN, RunEvent.Outcome.FINISHED, Map.of("auc", 0.7), 2, DIGEST, null, null, NOW);

  @Test
  void aRunCompletesAndSealsItsSeries() {
    DeciderFixture.of(new CompleteRunDecider()).given(RUN_STARTED).when(command).then(completed);
  }

  @Test
  void aRunCompletesOnce() {
    DeciderFixture.of(new CompleteRunDecider())
        .given(RUN_STARTED, completed)
        .when(command)
        .thenRejected("wrong-state");
  }

  @Test
  void anUnknownRunIsNotFound() {
    DeciderFixture.of(new CompleteRunDecider()).when(command).thenRejected("not-found");
  }
}
