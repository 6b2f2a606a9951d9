/** API keys as their issuers, administrators and auditors see them. */
@NullMarked
package io.assay.policy.apikeys;

import org.jspecify.annotations.NullMarked;
