/** RegisterDataset → DatasetRegistered. */
@NullMarked
package io.assay.registry.registerdataset;

import org.jspecify.annotations.NullMarked;
