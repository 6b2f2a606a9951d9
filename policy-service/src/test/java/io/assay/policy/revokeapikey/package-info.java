/** Tests of the slice. */
@NullMarked
package io.assay.policy.revokeapikey;

import org.jspecify.annotations.NullMarked;
