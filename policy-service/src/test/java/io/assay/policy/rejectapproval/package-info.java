/** Tests of the slice. */
@NullMarked
package io.assay.policy.rejectapproval;

import org.jspecify.annotations.NullMarked;
