package io.assay.eventlog;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything about an event but its content.
 *
 * @param workspace the isolation boundary that the event and its tags belong to
 * @param onBehalfOf the actor whose request a service or reaction carries out
 * @param client the application that the actor used
 * @param occurredAt when it happened, as the client claims
 * @param correlation one value for everything that came of one request
 * @param causation the event or request that led to this event
 * @param decision the decision that allowed it
 * @param signature digest of a signed statement
 */
public record EventMetadata(
    String workspace,
    Actor actor,
    @Nullable String onBehalfOf,
    @Nullable String client,
    @Nullable Instant occurredAt,
    String correlation,
    @Nullable String causation,
    @Nullable UUID decision,
    @Nullable String signature) {

  /** The workspace where nothing else is said. */
  public static final String DEFAULT_WORKSPACE = "default";

  /** Metadata with only what every event has. */
  public static EventMetadata of(String workspace, Actor actor, String correlation) {
    return new EventMetadata(workspace, actor, null, null, null, correlation, null, null, null);
  }
}
