/** The road from a dataset to a deployment, as events, and a log to put it in. */
@NullMarked
package io.assay.lineage.testing;

import org.jspecify.annotations.NullMarked;
