package io.assay.policy.assessdeployment;

import io.assay.contracts.DeploymentId;
import io.assay.policy.evidence.Gate;
import io.assay.policy.evidence.VersionDossier;

/** What the policy in force says to a deployment shall be known. */
public record AssessDeployment(
    DeploymentId deployment, VersionDossier dossier, Gate.InForce inForce, String environment) {}
