package io.assay.registry.registersystem;

import static io.assay.registry.testing.Examples.SYSTEM;
import static io.assay.registry.testing.Examples.SYSTEM_REGISTERED;
import static io.assay.registry.testing.Examples.TAG;

import io.assay.contracts.RiskTier;
import io.assay.platform.messaging.Fact;
import io.assay.platform.testing.DeciderFixture;
import org.junit.jupiter.api.Test;

class RegisterSystemTest {

  private final RegisterSystem command =
      new RegisterSystem(SYSTEM, "justice", "purpose", "owner", RiskTier.HIGH, null, TAG);

  @Test
  void aSystemGetsItsName() {
    DeciderFixture.of(new RegisterSystemDecider())
        .when(command)
        .then(Fact.of(SYSTEM_REGISTERED, TAG));
  }

  @Test
  void aNameIsTakenOnce() {
    DeciderFixture.of(new RegisterSystemDecider())
        .given(Fact.of(SYSTEM_REGISTERED, TAG))
        .when(command)
        .thenRejected("already-exists", "/name");
  }
}
