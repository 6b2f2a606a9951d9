/**
 * The registry as people read it: one card an entity, folded from its events.
 *
 * <p>The same fold answers a write, over the events of one entity in the log, and feeds the view,
 * event by event; so a write answers what the view will show.
 */
@NullMarked
package io.assay.registry.registryview;

import org.jspecify.annotations.NullMarked;
