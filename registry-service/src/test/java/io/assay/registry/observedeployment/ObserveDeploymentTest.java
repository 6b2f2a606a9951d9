package io.assay.registry.observedeployment;

import static io.assay.registry.testing.Examples.DEPLOYMENT;
import static io.assay.registry.testing.Examples.DEPLOYMENT_OBSERVED;
import static io.assay.registry.testing.Examples.DEPLOYMENT_REQUESTED;
import static io.assay.registry.testing.Examples.MODEL;
import static io.assay.registry.testing.Examples.NOW;
import static io.assay.registry.testing.Examples.OTHER_DEPLOYMENT;
import static io.assay.registry.testing.Examples.OTHER_VERSION;
import static io.assay.registry.testing.Examples.PROMOTION;
import static io.assay.registry.testing.Examples.VERSION;
import static io.assay.registry.testing.Examples.VERSION_REGISTERED;
import static io.assay.registry.testing.Examples.digest;

import io.assay.contracts.DeploymentEvent.DeploymentObserved;
import io.assay.contracts.DeploymentEvent.DeploymentRequested;
import io.assay.contracts.DeploymentEvent.DeploymentRetired;
import io.assay.contracts.DeploymentEvent.DeploymentSuperseded;
import io.assay.contracts.DeploymentEvent.Strategy;
import io.assay.contracts.DeploymentId;
import io.assay.platform.testing.DeciderFixture;
import org.junit.jupiter.api.Test;

class ObserveDeploymentTest {

  private final ObserveDeployment command =
      new ObserveDeployment(DEPLOYMENT, VERSION, MODEL, null, NOW, null);

  @Test
  void aDeploymentIsSeenToServe() {
    requested().when(command).then(DEPLOYMENT_OBSERVED);
  }

  @Test
  void seeingItAgainChangesNothing() {
    requested().given(DEPLOYMENT_OBSERVED).when(command).thenNothing();
  }

  @Test
  void theFormerDeploymentOfTheModelThereIsSuperseded() {
    formerly("production", Strategy.ALL)
        .when(command)
        .then(
            DEPLOYMENT_OBSERVED,
            new DeploymentSuperseded(OTHER_DEPLOYMENT, OTHER_VERSION, MODEL, DEPLOYMENT));
  }

  @Test
  void aDeploymentElsewhereStays() {
    formerly("staging", Strategy.ALL).when(command).then(DEPLOYMENT_OBSERVED);
  }

  @Test
  void aCanaryDoesNotReplaceWhatServesTheRest() {
    DeciderFixture.of(new ObserveDeploymentDecider())
        .given(
            VERSION_REGISTERED,
            other("production", Strategy.ALL),
            new DeploymentObserved(OTHER_DEPLOYMENT, OTHER_VERSION, MODEL, NOW, null, null),
            new DeploymentRequested(
                DEPLOYMENT, VERSION, MODEL, "production", PROMOTION, Strategy.CANARY, "cluster"))
        .when(command)
        .then(DEPLOYMENT_OBSERVED);
  }

  @Test
  void otherContentThanTheVersionsIsRefused() {
    requested()
        .when(new ObserveDeployment(DEPLOYMENT, VERSION, MODEL, digest("other"), NOW, null))
        .thenRejected("digest-mismatch", "/manifestDigest");
  }

  @Test
  void whatHasEndedIsNotSeenToServe() {
    requested()
        .given(new DeploymentRetired(DEPLOYMENT, VERSION, MODEL, "done"))
        .when(command)
        .thenRejected("wrong-state");
  }

  @Test
  void anUnknownDeploymentIsNotFound() {
    DeciderFixture.of(new ObserveDeploymentDecider()).when(command).thenRejected("not-found");
  }

  private static DeciderFixture<ObserveDeployment, ?, DeploymentId> requested() {
    return DeciderFixture.of(new ObserveDeploymentDecider())
        .given(VERSION_REGISTERED, DEPLOYMENT_REQUESTED);
  }

  private static DeciderFixture<ObserveDeployment, ?, DeploymentId> formerly(
      String environment, Strategy strategy) {
    return DeciderFixture.of(new ObserveDeploymentDecider())
        .given(
            VERSION_REGISTERED,
            other(environment, strategy),
            new DeploymentObserved(OTHER_DEPLOYMENT, OTHER_VERSION, MODEL, NOW, null, null),
            DEPLOYMENT_REQUESTED);
  }

  private static DeploymentRequested other(String environment, Strategy strategy) {
    return new DeploymentRequested(
        OTHER_DEPLOYMENT, OTHER_VERSION, MODEL, environment, PROMOTION, strategy, "cluster");
  }
}
