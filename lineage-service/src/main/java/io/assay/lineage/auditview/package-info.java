/**
 * Every event, found by entity, actor, type and time.
 *
 * <p>The trail of an entity is every event that names it, and the history of all its parts. A part
 * is what the entity rests on or what was decided of it, followed one way only: model → system,
 * versions; version → run, evaluations, promotions, deployments; run and evaluation → dataset
 * versions; dataset version → dataset; promotion → decisions, approval requests; decision → policy
 * version; policy version → policy, approval requests; deployment → promotion, policy version. Of a
 * part the events are shown whose <em>subject</em> it is, not all that name it: the trail of a
 * model shows how its dataset was registered, not what others did with that dataset.
 *
 * <p>Pages are of one moment: the first fixes how much of the log is regarded, and the cursor keeps
 * it, so that events recorded meanwhile neither shift nor join a walk that is under way.
 */
@NullMarked
package io.assay.lineage.auditview;

import org.jspecify.annotations.NullMarked;
