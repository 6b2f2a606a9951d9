package io.assay.eventlog;

import io.assay.contracts.Tag;
import java.util.Set;

/**
 * Matches an event that bears all the tags and is of any of the types.
 *
 * @param tags all of these; empty matches every event
 * @param types any of these; empty matches every type
 */
public record Criterion(Set<Tag> tags, Set<String> types) {

  public Criterion {
    tags = Set.copyOf(tags);
    types = Set.copyOf(types);
  }

  /** Events with this tag, of any of these types, or of every type where none is given. */
  public static Criterion of(Tag tag, String... types) {
    return new Criterion(Set.of(tag), Set.of(types));
  }
}
