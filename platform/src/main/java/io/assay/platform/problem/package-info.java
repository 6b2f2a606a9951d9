/** Broken rules as values, and their one mapping to RFC 9457 problem documents. */
@NullMarked
package io.assay.platform.problem;

import org.jspecify.annotations.NullMarked;
