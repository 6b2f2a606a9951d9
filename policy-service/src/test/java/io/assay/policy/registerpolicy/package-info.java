/** Tests of the slice. */
@NullMarked
package io.assay.policy.registerpolicy;

import org.jspecify.annotations.NullMarked;
