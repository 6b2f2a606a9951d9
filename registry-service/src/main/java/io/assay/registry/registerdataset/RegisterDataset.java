package io.assay.registry.registerdataset;

import io.assay.contracts.DatasetId;
import io.assay.contracts.Tag;
import org.jspecify.annotations.Nullable;

/**
 * A dataset gets a name, which no other dataset of the workspace has.
 *
 * @param nameTag the tag of the name, by which it is unique
 */
public record RegisterDataset(
    DatasetId dataset, String name, @Nullable String description, Tag nameTag) {}
