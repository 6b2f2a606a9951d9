/** Tests of the slice. */
@NullMarked
package io.assay.policy.staleapproval;

import org.jspecify.annotations.NullMarked;
