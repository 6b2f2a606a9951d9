package io.assay.registry.storeartifact;

import io.assay.contracts.Sha256;
import io.assay.contracts.Tag;
import io.assay.contracts.VersionId;

/**
 * The bytes of an artifact have been received whole, with this digest and size.
 *
 * @param artifactTag the tag of version and path: uploads of other paths are no conflict
 */
public record StoreArtifact(
    VersionId version, String path, Sha256 digest, long size, Tag artifactTag) {}
