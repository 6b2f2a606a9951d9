/** StoreArtifact → ArtifactStored, and the content-addressed store of the bytes. */
@NullMarked
package io.assay.registry.storeartifact;

import org.jspecify.annotations.NullMarked;
