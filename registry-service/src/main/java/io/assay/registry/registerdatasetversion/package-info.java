/** RegisterDatasetVersion → DatasetVersionRegistered. */
@NullMarked
package io.assay.registry.registerdatasetversion;

import org.jspecify.annotations.NullMarked;
