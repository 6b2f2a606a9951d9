/** What the service does by itself: each reaction is one When…Then… class. */
@NullMarked
package io.assay.policy.reactions;

import org.jspecify.annotations.NullMarked;
