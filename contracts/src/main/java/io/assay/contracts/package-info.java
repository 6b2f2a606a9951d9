/**
 * The published language of Assay: the events that the log holds for ever, the ids they bear, and
 * how they become bytes.
 *
 * <p>An event is changed by adding a version and a golden file, never by editing what is here.
 */
@NullMarked
package io.assay.contracts;

import org.jspecify.annotations.NullMarked;
