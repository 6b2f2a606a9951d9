package io.assay.contracts;

import java.util.Set;

/**
 * A fact that happened, as the log keeps it.
 *
 * <p>Implementations are records that bear {@link EventType}, in one sealed family a subject.
 */
public interface Event {

  /**
   * The tags by which this event is found and by which conflicts are detected: ids that the server
   * minted, never names.
   */
  Set<Tag> tags();
}
