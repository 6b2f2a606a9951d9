package io.assay.registry.archivemodel;

import io.assay.contracts.ModelId;

/** A model takes no new versions and no promotions any more. */
public record ArchiveModel(ModelId model, String reason) {}
