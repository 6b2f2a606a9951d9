package io.assay.registry.registermodelversion;

import static io.assay.registry.testing.Examples.MANIFEST;
import static io.assay.registry.testing.Examples.MODEL;
import static io.assay.registry.testing.Examples.MODEL_ARCHIVED;
import static io.assay.registry.testing.Examples.MODEL_REGISTERED;
import static io.assay.registry.testing.Examples.OTHER_TAG;
import static io.assay.registry.testing.Examples.OTHER_VERSION_REGISTERED;
import static io.assay.registry.testing.Examples.RUN;
import static io.assay.registry.testing.Examples.RUN_STARTED;
import static io.assay.registry.testing.Examples.TAG;
import static io.assay.registry.testing.Examples.VERSION;
import static io.assay.registry.testing.Examples.VERSION_REGISTERED;
import static io.assay.registry.testing.Examples.WEIGHTS;

import io.assay.platform.messaging.Fact;
import io.assay.platform.testing.DeciderFixture;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegisterModelVersionTest {

  private final RegisterModelVersion command =
      new RegisterModelVersion(VERSION, MODEL, RUN, List.of(WEIGHTS), MANIFEST, null, TAG);

  @Test
  void aVersionIsFixedByTheDigestOfItsManifest() {
    DeciderFixture.of(new RegisterModelVersionDecider())
        .given(MODEL_REGISTERED, RUN_STARTED)
        .when(command)
        .then(Fact.of(VERSION_REGISTERED, TAG));
  }

  @Test
  void itConflictsWithTheArchivingOfTheModelAndNotWithAnotherRegistration() {
    DeciderFixture.of(new RegisterModelVersionDecider())
        .given(MODEL_REGISTERED, RUN_STARTED)
        .when(command)
        .conflictsWith(MODEL_ARCHIVED)
        .standsBeside(OTHER_VERSION_REGISTERED, OTHER_TAG)
        .conflictsWith(OTHER_VERSION_REGISTERED, TAG);
  }

  @Test
  void anArchivedModelTakesNoVersions() {
    DeciderFixture.of(new RegisterModelVersionDecider())
        .given(MODEL_REGISTERED, RUN_STARTED, MODEL_ARCHIVED)
        .when(command)
        .thenRejected("wrong-state");
  }

  @Test
  void anUnknownRunIsNamed() {
    DeciderFixture.of(new RegisterModelVersionDecider())
        .given(MODEL_REGISTERED)
        .when(command)
        .thenRejected("unknown-reference", "/run");
  }

  @Test
  void anUnknownModelIsNotFound() {
    DeciderFixture.of(new RegisterModelVersionDecider())
        .given(RUN_STARTED)
        .when(command)
        .thenRejected("not-found");
  }

  @Test
  void theSameManifestIsRegisteredOnce() {
    DeciderFixture.of(new RegisterModelVersionDecider())
        .given(MODEL_REGISTERED, RUN_STARTED)
        .given(Fact.of(VERSION_REGISTERED, TAG))
        .when(command)
        .thenRejected("already-exists", "/artifacts");
  }

  @Test
  void aPathIsNamedOnce() {
    DeciderFixture.of(new RegisterModelVersionDecider())
        .given(MODEL_REGISTERED, RUN_STARTED)
        .when(
            new RegisterModelVersion(
                VERSION, MODEL, RUN, List.of(WEIGHTS, WEIGHTS), MANIFEST, null, TAG))
        .thenRejected("unacceptable", "/artifacts/1/path");
  }
}
