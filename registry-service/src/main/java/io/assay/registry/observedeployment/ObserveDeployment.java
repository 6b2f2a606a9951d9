package io.assay.registry.observedeployment;

import io.assay.contracts.DeploymentId;
import io.assay.contracts.ModelId;
import io.assay.contracts.Sha256;
import io.assay.contracts.VersionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An executor has seen a deployment serve.
 *
 * @param version the deployment's version
 * @param model the deployment's model
 * @param manifestDigest the content that was seen, where the executor can tell
 */
public record ObserveDeployment(
    DeploymentId deployment,
    VersionId version,
    ModelId model,
    @Nullable Sha256 manifestDigest,
    Instant observedAt,
    @Nullable String comment) {}
