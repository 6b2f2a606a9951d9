package io.assay.eventlog;

import io.assay.contracts.Event;
import io.assay.contracts.Tag;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * An event on its way into the log.
 *
 * @param id minted by the writer; an id is appended at most once
 * @param extraTags tags that the event cannot know of itself: uniqueness of a name, idempotency, a
 *     policy's gate
 */
public record NewEvent(UUID id, Event event, Set<Tag> extraTags, EventMetadata metadata) {

  public NewEvent {
    extraTags = Set.copyOf(extraTags);
  }

  /** The event's own tags and the extra ones. */
  public Set<Tag> tags() {
    var tags = new HashSet<>(event.tags());
    tags.addAll(extraTags);
    return tags;
  }
}
