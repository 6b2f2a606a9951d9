/** What a version of a policy would say to all that is live; records nothing. */
@NullMarked
package io.assay.policy.assessimpact;

import org.jspecify.annotations.NullMarked;
