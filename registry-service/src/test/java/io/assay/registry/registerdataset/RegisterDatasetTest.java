package io.assay.registry.registerdataset;

import static io.assay.registry.testing.Examples.DATASET;
import static io.assay.registry.testing.Examples.DATASET_REGISTERED;
import static io.assay.registry.testing.Examples.OTHER_TAG;
import static io.assay.registry.testing.Examples.TAG;

import io.assay.platform.messaging.Fact;
import io.assay.platform.testing.DeciderFixture;
import org.junit.jupiter.api.Test;

class RegisterDatasetTest {

  private final RegisterDataset command = new RegisterDataset(DATASET, "compas", null, TAG);

  @Test
  void aDatasetGetsItsName() {
    DeciderFixture.of(new RegisterDatasetDecider())
        .when(command)
        .then(Fact.of(DATASET_REGISTERED, TAG));
  }

  @Test
  void aNameIsTakenOnce() {
    DeciderFixture.of(new RegisterDatasetDecider())
        .given(Fact.of(DATASET_REGISTERED, TAG))
        .when(command)
        .thenRejected("already-exists", "/name");
  }

  @Test
  void theSameNameInAnotherWorkspaceIsAnotherName() {
    DeciderFixture.of(new RegisterDatasetDecider())
        .in("elsewhere")
        .given(Fact.of(DATASET_REGISTERED, TAG))
        .in("default")
        .when(command)
        .then(Fact.of(DATASET_REGISTERED, TAG));
  }

  @Test
  void onlyTheSameNameConflicts() {
    DeciderFixture.of(new RegisterDatasetDecider())
        .when(command)
        .conflictsWith(DATASET_REGISTERED, TAG)
        .standsBeside(DATASET_REGISTERED, OTHER_TAG);
  }
}
