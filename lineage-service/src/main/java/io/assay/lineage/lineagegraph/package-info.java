/** What everything came from, and what came of it: the log as a graph. */
@NullMarked
package io.assay.lineage.lineagegraph;

import org.jspecify.annotations.NullMarked;
