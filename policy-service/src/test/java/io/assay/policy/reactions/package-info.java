@NullMarked
package io.assay.policy.reactions;

import org.jspecify.annotations.NullMarked;
