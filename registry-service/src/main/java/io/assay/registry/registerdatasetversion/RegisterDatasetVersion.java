package io.assay.registry.registerdatasetversion;

import io.assay.contracts.DatasetEvent;
import io.assay.contracts.DatasetEvent.ValidationReport;
import io.assay.contracts.DatasetId;
import io.assay.contracts.DatasetVersionId;
import io.assay.contracts.Sha256;
import io.assay.contracts.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dataset gets a version, whose content no other version of it has.
 *
 * @param contentTag the tag of dataset and digest, by which the content is unique
 */
public record RegisterDatasetVersion(
    DatasetVersionId datasetVersion,
    DatasetId dataset,
    Sha256 digest,
    String source,
    List<DatasetEvent.Field> schema,
    @Nullable Long rows,
    @Nullable String description,
    @Nullable ValidationReport validation,
    Tag contentTag) {}
