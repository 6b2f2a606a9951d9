/**
 * Differences between groups of people, from confusion counts: exact rationals, 95 % intervals,
 * verdicts. Pure; knows of no log and no request.
 */
@NullMarked
package io.assay.registry.fairness;

import org.jspecify.annotations.NullMarked;
