package io.assay.registry.requestdeployment;

import static io.assay.registry.testing.Examples.DEPLOYMENT;
import static io.assay.registry.testing.Examples.DEPLOYMENT_REQUESTED;
import static io.assay.registry.testing.Examples.MODEL;
import static io.assay.registry.testing.Examples.PROMOTED;
import static io.assay.registry.testing.Examples.PROMOTION;
import static io.assay.registry.testing.Examples.QUARANTINED;
import static io.assay.registry.testing.Examples.VERSION;
import static io.assay.registry.testing.Examples.VERSION_REGISTERED;

import io.assay.contracts.DeploymentEvent.Strategy;
import io.assay.contracts.GovernanceEvent.AccessRefused;
import io.assay.contracts.PromotionEvent.PromotionRevoked;
import io.assay.platform.testing.DeciderFixture;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestDeploymentTest {

  private final RequestDeployment command =
      new RequestDeployment(DEPLOYMENT, VERSION, "production", Strategy.ALL, "cluster");

  @Test
  void whatIsPermittedThereIsDeployedByThePromotionThatPermitsIt() {
    DeciderFixture.of(new RequestDeploymentDecider())
        .given(VERSION_REGISTERED, PROMOTED)
        .when(command)
        .then(DEPLOYMENT_REQUESTED);
  }

  @Test
  void whatIsNotPermittedThereIsRefusedAndTheLogRemembers() {
    DeciderFixture.of(new RequestDeploymentDecider())
        .by("engineer", "ml-engineer")
        .given(VERSION_REGISTERED)
        .when(command)
        .thenRejectedRemembering(
            "policy-refused",
            List.of(
                new AccessRefused(
                    "engineer",
                    "deploy only what is permitted in the environment",
                    "requestDeployment",
                    VERSION.tag().toString())));
  }

  @Test
  void aPermissionThatWasTakenBackPermitsNothing() {
    DeciderFixture.of(new RequestDeploymentDecider())
        .by("engineer")
        .given(VERSION_REGISTERED, PROMOTED)
        .given(new PromotionRevoked(PROMOTION, VERSION, MODEL, "harm"))
        .when(command)
        .thenRejectedRemembering(
            "policy-refused",
            List.of(
                new AccessRefused(
                    "engineer",
                    "deploy only what is permitted in the environment",
                    "requestDeployment",
                    VERSION.tag().toString())));
  }

  @Test
  void aQuarantinedVersionIsNotDeployed() {
    DeciderFixture.of(new RequestDeploymentDecider())
        .given(VERSION_REGISTERED, PROMOTED, QUARANTINED)
        .when(command)
        .thenRejected("wrong-state");
  }

  @Test
  void anUnknownVersionIsNamed() {
    DeciderFixture.of(new RequestDeploymentDecider())
        .when(command)
        .thenRejected("unknown-reference", "/version");
  }
}
