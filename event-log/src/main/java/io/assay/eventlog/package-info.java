/**
 * The log: one total order of immutable events on PostgreSQL, gapless and append-only, each event
 * the leaf of a Merkle tree.
 */
@NullMarked
package io.assay.eventlog;

import org.jspecify.annotations.NullMarked;
