/**
 * What went wrong, told once: a broken rule is a {@link io.assay.platform.problem.Rejection}, and
 * only this package turns rejections and failures into RFC 9457 documents. Each kind of problem has
 * a page that says how to fix it.
 */
@NullMarked
package io.assay.platform.problem;

import org.jspecify.annotations.NullMarked;
