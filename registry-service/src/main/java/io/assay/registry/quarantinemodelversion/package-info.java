/** QuarantineModelVersion → ModelVersionQuarantined. */
@NullMarked
package io.assay.registry.quarantinemodelversion;

import org.jspecify.annotations.NullMarked;
