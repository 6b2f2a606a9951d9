package io.assay.registry.quarantinemodelversion;

import io.assay.contracts.VersionId;

/** A version is not promoted and not deployed any more. */
public record QuarantineModelVersion(VersionId version, String reason) {}
