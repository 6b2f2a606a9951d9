/**
 * Views of the log: each a projection with its own token, run by Axon's streaming processors. A
 * view's rows, its token and its parked events share one transaction; nothing else does.
 */
@NullMarked
package io.assay.platform.view;

import org.jspecify.annotations.NullMarked;
