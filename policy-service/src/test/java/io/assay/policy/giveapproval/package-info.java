/** Tests of the slice. */
@NullMarked
package io.assay.policy.giveapproval;

import org.jspecify.annotations.NullMarked;
