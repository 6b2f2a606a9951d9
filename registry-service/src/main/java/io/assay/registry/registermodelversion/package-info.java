/** RegisterModelVersion → ModelVersionRegistered. */
@NullMarked
package io.assay.registry.registermodelversion;

import org.jspecify.annotations.NullMarked;
