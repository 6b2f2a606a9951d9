package io.assay.platform.messaging;

import io.assay.contracts.DecisionId;
import io.assay.contracts.Event;
import io.assay.contracts.Tag;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An event that a rule decided on.
 *
 * @param extraTags tags that the event cannot know of itself: uniqueness of a name, a gate
 * @param decision the policy decision that allowed it
 * @param occurredAt when it happened, as the client claims
 */
public record Fact(
    Event event, Set<Tag> extraTags, @Nullable DecisionId decision, @Nullable Instant occurredAt) {

  public Fact {
    extraTags = Set.copyOf(extraTags);
  }

  public static Fact of(Event event, Tag... extraTags) {
    return new Fact(event, Set.of(extraTags), null, null);
  }

  /** The same, allowed by a decision. */
  public Fact allowedBy(DecisionId decision) {
    return new Fact(event, extraTags, decision, occurredAt);
  }

  /** The same, with the client's claim of when it happened. */
  public Fact occurredAt(@Nullable Instant occurredAt) {
    return new Fact(event, extraTags, decision, occurredAt);
  }
}
