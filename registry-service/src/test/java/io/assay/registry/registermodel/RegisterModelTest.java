package io.assay.registry.registermodel;

import static io.assay.registry.testing.Examples.MODEL;
import static io.assay.registry.testing.Examples.MODEL_REGISTERED;
import static io.assay.registry.testing.Examples.SYSTEM;
import static io.assay.registry.testing.Examples.SYSTEM_REGISTERED;
import static io.assay.registry.testing.Examples.TAG;

import io.assay.contracts.ModelEvent;
import io.assay.contracts.RiskTier;
import io.assay.platform.messaging.Fact;
import io.assay.platform.testing.DeciderFixture;
import org.junit.jupiter.api.Test;

class RegisterModelTest {

  private final RegisterModel command =
      new RegisterModel(MODEL, SYSTEM, ModelEvent.Kind.ML, RiskTier.HIGH, "recidivism", null, TAG);

  @Test
  void aModelGetsItsNameWithinASystem() {
    DeciderFixture.of(new RegisterModelDecider())
        .given(SYSTEM_REGISTERED)
        .when(command)
        .then(Fact.of(MODEL_REGISTERED, TAG));
  }

  @Test
  void anUnknownSystemIsNamed() {
    DeciderFixture.of(new RegisterModelDecider())
        .when(command)
        .thenRejected("unknown-reference", "/system");
  }

  @Test
  void aNameIsTakenOnce() {
    DeciderFixture.of(new RegisterModelDecider())
        .given(SYSTEM_REGISTERED)
        .given(Fact.of(MODEL_REGISTERED, TAG))
        .when(command)
        .thenRejected("already-exists", "/name");
  }
}
