package io.assay.registry.retiredeployment;

import io.assay.contracts.DeploymentId;

/** A deployment serves no more. */
public record RetireDeployment(DeploymentId deployment, String reason) {}
