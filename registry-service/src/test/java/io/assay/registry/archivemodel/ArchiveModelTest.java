package io.assay.registry.archivemodel;

import static io.assay.registry.testing.Examples.MODEL;
import static io.assay.registry.testing.Examples.MODEL_ARCHIVED;
import static io.assay.registry.testing.Examples.MODEL_REGISTERED;

import io.assay.platform.testing.DeciderFixture;
import org.junit.jupiter.api.Test;

class ArchiveModelTest {

  private final ArchiveModel command = new ArchiveModel(MODEL, "replaced");

  @Test
  void aModelIsArchived() {
    DeciderFixture.of(new ArchiveModelDecider())
        .given(MODEL_REGISTERED)
        .when(command)
        .then(MODEL_ARCHIVED);
  }

  @Test
  void archivingAgainChangesNothing() {
    DeciderFixture.of(new ArchiveModelDecider())
        .given(MODEL_REGISTERED, MODEL_ARCHIVED)
        .when(command)
        .thenNothing();
  }

  @Test
  void anUnknownModelIsNotFound() {
    DeciderFixture.of(new ArchiveModelDecider()).when(command).thenRejected("not-found");
  }
}
