package io.assay.registry.retiredeployment;

import static io.assay.registry.testing.Examples.DEPLOYMENT;
import static io.assay.registry.testing.Examples.DEPLOYMENT_REQUESTED;
import static io.assay.registry.testing.Examples.MODEL;
import static io.assay.registry.testing.Examples.OTHER_DEPLOYMENT;
import static io.assay.registry.testing.Examples.VERSION;

import io.assay.contracts.DeploymentEvent.DeploymentRetired;
import io.assay.contracts.DeploymentEvent.DeploymentSuperseded;
import io.assay.platform.testing.DeciderFixture;
import org.junit.jupiter.api.Test;

class RetireDeploymentTest {

  private final RetireDeployment command = new RetireDeployment(DEPLOYMENT, "done");
  private final DeploymentRetired retired =
      new DeploymentRetired(DEPLOYMENT, VERSION, MODEL, "done");

  @Test
  void aDeploymentIsRetired() {
    DeciderFixture.of(new RetireDeploymentDecider())
        .given(DEPLOYMENT_REQUESTED)
        .when(command)
        .then(retired);
  }

  @Test
  void retiringAgainChangesNothing() {
    DeciderFixture.of(new RetireDeploymentDecider())
        .given(DEPLOYMENT_REQUESTED, retired)
        .when(command)
        .thenNothing();
  }

  @Test
  void whatWasSupersededIsNotRetired() {
    DeciderFixture.of(new RetireDeploymentDecider())
        .given(DEPLOYMENT_REQUESTED)
        .given(new DeploymentSuperseded(DEPLOYMENT, VERSION, MODEL, OTHER_DEPLOYMENT))
        .when(command)
        .thenRejected("wrong-state");
  }

  @Test
  void anUnknownDeploymentIsNotFound() {
    DeciderFixture.of(new RetireDeploymentDecider()).when(command).thenRejected("not-found");
  }
}
