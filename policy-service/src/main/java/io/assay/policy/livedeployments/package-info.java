/** What is live in each environment. */
@NullMarked
package io.assay.policy.livedeployments;

import org.jspecify.annotations.NullMarked;
