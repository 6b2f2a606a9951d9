/** Tests of the slice. */
@NullMarked
package io.assay.policy.decidepromotion;

import org.jspecify.annotations.NullMarked;
