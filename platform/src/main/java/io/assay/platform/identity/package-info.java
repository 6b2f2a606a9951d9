/** Who asks: tokens validated, roles found, people known in the log by pseudonym only. */
@NullMarked
package io.assay.platform.identity;

import org.jspecify.annotations.NullMarked;
