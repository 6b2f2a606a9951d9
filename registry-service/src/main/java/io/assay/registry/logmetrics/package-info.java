/** The metrics series of runs, which are no events: their digest is sealed by the completion. */
@NullMarked
package io.assay.registry.logmetrics;

import org.jspecify.annotations.NullMarked;
