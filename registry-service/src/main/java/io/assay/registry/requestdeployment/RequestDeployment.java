package io.assay.registry.requestdeployment;

import io.assay.contracts.DeploymentEvent.Strategy;
import io.assay.contracts.DeploymentId;
import io.assay.contracts.VersionId;

/** A version that is permitted in an environment shall serve there. */
public record RequestDeployment(
    DeploymentId deployment,
    VersionId version,
    String environment,
    Strategy strategy,
    String target) {}
