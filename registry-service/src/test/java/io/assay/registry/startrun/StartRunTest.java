package io.assay.registry.startrun;

import static io.assay.registry.testing.Examples.DATASET_VERSION;
import static io.assay.registry.testing.Examples.DATASET_VERSION_REGISTERED;
import static io.assay.registry.testing.Examples.NOW;
import static io.assay.registry.testing.Examples.OTHER_DATASET_VERSION;
import static io.assay.registry.testing.Examples.RUN;
import static io.assay.registry.testing.Examples.RUN_STARTED;

import io.assay.contracts.DatasetVersionId;
import io.assay.contracts.RunEvent;
import io.assay.platform.testing.DeciderFixture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartRunTest {

  @Test
  void aRunStartsOnKnownDatasetVersions() {
    DeciderFixture.of(new StartRunDecider())
        .given(DATASET_VERSION_REGISTERED)
        .when(startRun(DATASET_VERSION))
        .then(RUN_STARTED);
  }

  @Test
  void anUnknownInputIsNamedByItsPlace() {
    DeciderFixture.of(new StartRunDecider())
        .given(DATASET_VERSION_REGISTERED)
        .when(startRun(DATASET_VERSION, OTHER_DATASET_VERSION))
        .thenRejected("unknown-reference", "/inputs/1");
  }

  @Test
  void aDatasetVersionOfAnotherWorkspaceIsUnknown() {
    DeciderFixture.of(new StartRunDecider())
        .in("elsewhere")
        .given(DATASET_VERSION_REGISTERED)
        .in("default")
        .when(startRun(DATASET_VERSION))
        .thenRejected("unknown-reference", "/inputs/0");
  }

  private static StartRun startRun(DatasetVersionId... inputs) {
    return new StartRun(
        RUN,
        RunEvent.Kind.TRAINING,
        "train",
        List.of(inputs),
        null,
        Map.of(),
        Map.of("seed", "1"),
        NOW);
  }
}
