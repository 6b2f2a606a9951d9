/** What the log holds, read and hashed again. */
@NullMarked
package io.assay.lineage.verifylog;

import org.jspecify.annotations.NullMarked;
