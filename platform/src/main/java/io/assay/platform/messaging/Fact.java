package io.assay.platform.messaging;

import io.assay.contracts.Event;
import io.assay.contracts.Tag;
import java.util.Set;

/**
 * An event that a rule decided on.
 *
 * @param extraTags tags that the event cannot know of itself: uniqueness of a name, a gate
 */
public record Fact(Event event, Set<Tag> extraTags) {

  public Fact {
    extraTags = Set.copyOf(extraTags);
  }

  public static Fact of(Event event, Tag... extraTags) {
    return new Fact(event, Set.of(extraTags));
  }
}
