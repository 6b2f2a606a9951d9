/** ArchiveModel → ModelArchived. */
@NullMarked
package io.assay.registry.archivemodel;

import org.jspecify.annotations.NullMarked;
