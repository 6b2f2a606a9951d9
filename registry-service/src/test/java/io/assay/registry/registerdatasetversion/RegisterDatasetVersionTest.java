package io.assay.registry.registerdatasetversion;

import static io.assay.registry.testing.Examples.DATASET;
import static io.assay.registry.testing.Examples.DATASET_REGISTERED;
import static io.assay.registry.testing.Examples.DATASET_VERSION;
import static io.assay.registry.testing.Examples.DATASET_VERSION_REGISTERED;
import static io.assay.registry.testing.Examples.DIGEST;
import static io.assay.registry.testing.Examples.OTHER_TAG;
import static io.assay.registry.testing.Examples.TAG;

import io.assay.contracts.DatasetEvent;
import io.assay.platform.messaging.Fact;
import io.assay.platform.testing.DeciderFixture;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegisterDatasetVersionTest {

  private final RegisterDatasetVersion command =
      new RegisterDatasetVersion(
          DATASET_VERSION,
          DATASET,
          DIGEST,
          "https://example.org/compas.csv",
          List.of(new DatasetEvent.Field("race", "string")),
          6172L,
          null,
          null,
          TAG);

  @Test
  void aVersionOfADatasetIsRegistered() {
    DeciderFixture.of(new RegisterDatasetVersionDecider())
        .given(DATASET_REGISTERED)
        .when(command)
        .then(Fact.of(DATASET_VERSION_REGISTERED, TAG));
  }

  @Test
  void aVersionOfAnUnknownDatasetIsNotFound() {
    DeciderFixture.of(new RegisterDatasetVersionDecider()).when(command).thenRejected("not-found");
  }

  @Test
  void theSameContentIsRegisteredOnce() {
    DeciderFixture.of(new RegisterDatasetVersionDecider())
        .given(DATASET_REGISTERED)
        .given(Fact.of(DATASET_VERSION_REGISTERED, TAG))
        .when(command)
        .thenRejected("already-exists", "/digest");
  }

  @Test
  void anotherVersionOfTheDatasetIsNoConflict() {
    DeciderFixture.of(new RegisterDatasetVersionDecider())
        .given(DATASET_REGISTERED)
        .when(command)
        .standsBeside(DATASET_VERSION_REGISTERED, OTHER_TAG)
        .conflictsWith(DATASET_VERSION_REGISTERED, TAG);
  }
}
