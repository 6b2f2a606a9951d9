package io.assay.policy.registerpolicy;

import io.assay.contracts.PolicyEvent.PolicyRegistered;
import io.assay.contracts.PolicyId;
import io.assay.contracts.Tag;
import io.assay.platform.messaging.Fact;
import io.assay.platform.testing.DeciderFixture;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RegisterPolicyTest {

  private static final Tag NAME = new Tag("name", "hashed");
  private static final RegisterPolicy COMMAND =
      new RegisterPolicy(new PolicyId(new UUID(0, 1)), NAME, "gate", "production", "why");
  private static final PolicyRegistered REGISTERED =
      new PolicyRegistered(COMMAND.policy(), "production", "gate", "why");

  @Test
  void aPolicyGetsItsNameAndItsEnvironment() {
    DeciderFixture.of(new RegisterPolicyDecider())
        .when(COMMAND)
        .then(Fact.of(REGISTERED, NAME))
        .conflictsWith(REGISTERED, NAME)
        .standsBeside(REGISTERED, new Tag("name", "another"));
  }

  @Test
  void aNameIsTakenOnce() {
    DeciderFixture.of(new RegisterPolicyDecider())
        .given(Fact.of(REGISTERED, NAME))
        .when(COMMAND)
        .thenRejected("already-exists", "/name");
  }
}
