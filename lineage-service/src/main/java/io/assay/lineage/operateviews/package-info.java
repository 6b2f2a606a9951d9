/** The views of this service, for those who operate it. */
@NullMarked
package io.assay.lineage.operateviews;

import org.jspecify.annotations.NullMarked;
