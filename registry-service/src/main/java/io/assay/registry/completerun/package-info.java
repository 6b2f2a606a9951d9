/** CompleteRun → RunCompleted, which seals the metrics series of the run. */
@NullMarked
package io.assay.registry.completerun;

import org.jspecify.annotations.NullMarked;
