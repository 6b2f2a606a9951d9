/** What a version of a policy would say to one promotion or version; records nothing. */
@NullMarked
package io.assay.policy.dryrun;

import org.jspecify.annotations.NullMarked;
