package io.assay.registry.registermodelversion;

import io.assay.contracts.ModelId;
import io.assay.contracts.RunId;
import io.assay.contracts.Sha256;
import io.assay.contracts.Tag;
import io.assay.contracts.VersionEvent.Artifact;
import io.assay.contracts.VersionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model gets a version, whose manifest no other version of it has.
 *
 * @param manifest the digest of the artifacts
 * @param manifestTag the tag of model and manifest digest, by which the content is unique
 */
public record RegisterModelVersion(
    VersionId version,
    ModelId model,
    @Nullable RunId run,
    List<Artifact> artifacts,
    Sha256 manifest,
    @Nullable String description,
    Tag manifestTag) {}
