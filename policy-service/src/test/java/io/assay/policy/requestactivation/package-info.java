/** Tests of the slice. */
@NullMarked
package io.assay.policy.requestactivation;

import org.jspecify.annotations.NullMarked;
