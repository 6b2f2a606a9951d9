package io.assay.eventlog;

import io.assay.contracts.Tag;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * The log, as services use it. Thread-safe.
 *
 * <p>Markers are counts: an event conflicts with a guard when its position is at or after the
 * guard's marker.
 */
public interface EventLog extends AutoCloseable {

  /**
   * Appends all the events or none, and completes when they are durable.
   *
   * <p>Fails with {@link AppendConflictException} when a guard does not hold and with {@link
   * AppendRefusedException} when the log does not take the events. A lost connection is looked into
   * before the answer: nothing acknowledged is lost, nothing is written twice.
   */
  CompletableFuture<Appended> append(Append append);

  /** The matching events at or after a position, and the marker to guard an append with. */
  Sourced source(Query query, long fromPosition);

  /**
   * The same as of a moment that may have passed, when the log held at least so many events; the
   * marker tells which. Cheaper: what the process has read of the log already may answer.
   *
   * <p>Good for what is guarded when it is appended, and for what cannot change any more. Whoever
   * refuses something by it must ask {@link #source} first.
   */
  default Sourced recent(Query query, long fromPosition, long atLeast) {
    return source(query, fromPosition);
  }

  /**
   * Where events stand.
   *
   * @param positions in their order
   * @param marker the count of events of the log that this is true of
   */
  record Positions(List<Long> positions, long marker) {}

  /**
   * Where the events of a type that bear a tag stand, at or after a position: for whoever counts
   * them, since of a long history the events themselves are too much to hold.
   */
  default Positions positions(String workspace, Tag tag, String type, long fromPosition) {
    return positions(source(Query.of(workspace, Criterion.of(tag, type)), fromPosition));
  }

  /** The same as of a moment that may have passed, like {@link #recent}. */
  default Positions recentPositions(
      String workspace, Tag tag, String type, long fromPosition, long atLeast) {
    return positions(workspace, tag, type, fromPosition);
  }

  /** Where these events stand. */
  static Positions positions(Sourced sourced) {
    return new Positions(
        sourced.events().stream().map(RecordedEvent::position).toList(), sourced.marker());
  }

  /** At most {@code limit} events of all workspaces, in order, from a position. */
  List<RecordedEvent> read(long fromPosition, int limit);

  /**
   * The same, as far as the process has read the log: whoever {@linkplain #onAppend follows} it
   * finds here what he was woken for.
   */
  default List<RecordedEvent> follow(long fromPosition, int limit) {
    return read(fromPosition, limit);
  }

  /** The event at a position; empty at or beyond the head. */
  Optional<RecordedEvent> event(long position);

  /** The event of an id. */
  Optional<RecordedEvent> event(UUID id);

  /** The count of events: the next event gets this position. */
  long head();

  LogIdentity identity();

  /**
   * Calls back soon after every append by any process; may call without need. Closing the answer
   * ends it.
   */
  Subscription onAppend(Runnable wakeUp);

  /**
   * Somebody waits for what follows the log in this process: where many events come, it is not let
   * to rest for longer, so that it takes in more at a time.
   */
  default void urge() {}

  @Override
  void close();

  /** Ends when it is closed. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
