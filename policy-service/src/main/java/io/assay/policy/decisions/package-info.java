/** Where each decision stands in the log; the log itself has the decision. */
@NullMarked
package io.assay.policy.decisions;

import org.jspecify.annotations.NullMarked;
