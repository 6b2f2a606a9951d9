/** Tests of the slice. */
@NullMarked
package io.assay.policy.assessdeployment;

import org.jspecify.annotations.NullMarked;
