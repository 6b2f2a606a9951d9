/** Tests of the slice. */
@NullMarked
package io.assay.policy.draftpolicyversion;

import org.jspecify.annotations.NullMarked;
