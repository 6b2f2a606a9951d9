package io.assay.registry.quarantinemodelversion;

import static io.assay.registry.testing.Examples.QUARANTINED;
import static io.assay.registry.testing.Examples.VERSION;
import static io.assay.registry.testing.Examples.VERSION_REGISTERED;

import io.assay.platform.testing.DeciderFixture;
import org.junit.jupiter.api.Test;

class QuarantineModelVersionTest {

  private final QuarantineModelVersion command =
      new QuarantineModelVersion(VERSION, "found wanting");

  @Test
  void aVersionIsQuarantined() {
    DeciderFixture.of(new QuarantineModelVersionDecider())
        .given(VERSION_REGISTERED)
        .when(command)
        .then(QUARANTINED);
  }

  @Test
  void quarantiningAgainChangesNothing() {
    DeciderFixture.of(new QuarantineModelVersionDecider())
        .given(VERSION_REGISTERED, QUARANTINED)
        .when(command)
        .thenNothing();
  }

  @Test
  void anUnknownVersionIsNotFound() {
    DeciderFixture.of(new QuarantineModelVersionDecider()).when(command).thenRejected("not-found");
  }
}
