/** The running service's one connection to the log. */
@NullMarked
package io.assay.platform.log;

import org.jspecify.annotations.NullMarked;
