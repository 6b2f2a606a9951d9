/** What exactly is promoted: a version with its artifacts and all the evidence about it. */
@NullMarked
package io.assay.registry.content;

import org.jspecify.annotations.NullMarked;
