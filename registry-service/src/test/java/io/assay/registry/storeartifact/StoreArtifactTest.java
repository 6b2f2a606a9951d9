package io.assay.registry.storeartifact;

import static io.assay.registry.testing.Examples.ARTIFACT_STORED;
import static io.assay.registry.testing.Examples.DIGEST;
import static io.assay.registry.testing.Examples.OTHER_TAG;
import static io.assay.registry.testing.Examples.TAG;
import static io.assay.registry.testing.Examples.VERSION;
import static io.assay.registry.testing.Examples.VERSION_REGISTERED;
import static io.assay.registry.testing.Examples.digest;

import io.assay.platform.messaging.Fact;
import io.assay.platform.testing.DeciderFixture;
import org.junit.jupiter.api.Test;

class StoreArtifactTest {

  @Test
  void bytesThatAreThoseOfTheManifestAreStored() {
    DeciderFixture.of(new StoreArtifactDecider())
        .given(VERSION_REGISTERED)
        .when(new StoreArtifact(VERSION, "model/weights.bin", DIGEST, 7, TAG))
        .then(Fact.of(ARTIFACT_STORED, TAG));
  }

  @Test
  void storingAgainChangesNothing() {
    DeciderFixture.of(new StoreArtifactDecider())
        .given(VERSION_REGISTERED)
        .given(Fact.of(ARTIFACT_STORED, TAG))
        .when(new StoreArtifact(VERSION, "model/weights.bin", DIGEST, 7, TAG))
        .thenNothing();
  }

  @Test
  void otherBytesAreRefused() {
    DeciderFixture.of(new StoreArtifactDecider())
        .given(VERSION_REGISTERED)
        .when(new StoreArtifact(VERSION, "model/weights.bin", digest("other"), 7, TAG))
        .thenRejected("digest-mismatch");
  }

  @Test
  void anotherSizeIsRefused() {
    DeciderFixture.of(new StoreArtifactDecider())
        .given(VERSION_REGISTERED)
        .when(new StoreArtifact(VERSION, "model/weights.bin", DIGEST, 8, TAG))
        .thenRejected("digest-mismatch");
  }

  @Test
  void aPathThatTheManifestDoesNotNameIsNotFound() {
    DeciderFixture.of(new StoreArtifactDecider())
        .given(VERSION_REGISTERED)
        .when(new StoreArtifact(VERSION, "elsewhere", DIGEST, 7, TAG))
        .thenRejected("not-found");
  }

  @Test
  void theUploadOfAnotherPathIsNoConflict() {
    DeciderFixture.of(new StoreArtifactDecider())
        .given(VERSION_REGISTERED)
        .when(new StoreArtifact(VERSION, "model/weights.bin", DIGEST, 7, TAG))
        .standsBeside(ARTIFACT_STORED, OTHER_TAG)
        .conflictsWith(ARTIFACT_STORED, TAG);
  }
}
