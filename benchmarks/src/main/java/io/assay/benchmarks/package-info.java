/** Ratios of what Assay does to what its engine can do at best, both measured in the same run. */
@NullMarked
package io.assay.benchmarks;

import org.jspecify.annotations.NullMarked;
