/** StartRun → RunStarted. */
@NullMarked
package io.assay.registry.startrun;

import org.jspecify.annotations.NullMarked;
