/** Tests of the slice. */
@NullMarked
package io.assay.policy.issueapikey;

import org.jspecify.annotations.NullMarked;
