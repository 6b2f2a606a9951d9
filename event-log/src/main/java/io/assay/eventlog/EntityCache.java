package io.assay.eventlog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.function.BiFunction;

/**
 * States that rules decide on, kept with the marker that they are true at, so that the cost of a
 * command does not grow with history: only what came after the marker is read.
 *
 * <p>Holds only what the log has given back, so nothing uncommitted. Forgets a state when the log's
 * head has gone back or its epoch is another. States must be immutable. Thread-safe.
 */
public final class EntityCache {

  /** A state and the count of events that it is true at. */
  public record Entity<S>(S state, long marker) {}

  private record Key(Query query, Object codeVersion) {}

  private record Held(Object state, long marker, LogIdentity identity) {}

  private final EventLog log;
  private final Cache<Key, Held> entities;

  /**
   * @param maximumSize how many states are kept
   */
  public EntityCache(EventLog log, long maximumSize) {
    this.log = log;
    this.entities = Caffeine.newBuilder().maximumSize(maximumSize).build();
  }

  /**
   * The state of everything that matches the query, as of now.
   *
   * @param codeVersion tells states of different code apart: equal only where {@code initial} and
   *     {@code evolve} are the same
   * @param evolve pure; never throws
   */
  public <S> Entity<S> current(
      Query query, Object codeVersion, S initial, BiFunction<S, RecordedEvent, S> evolve) {
    return entity(query, codeVersion, initial, evolve, log::source);
  }

  /**
   * The state as of its marker, which may have passed: good for a decision whose append is guarded
   * from there on. What is refused by it must be decided on {@link #current} first.
   */
  public <S> Entity<S> recent(
      Query query, Object codeVersion, S initial, BiFunction<S, RecordedEvent, S> evolve) {
    return entity(
        query, codeVersion, initial, evolve, (asked, from) -> log.recent(asked, from, from));
  }

  private interface Reading {
    Sourced read(Query query, long fromPosition);
  }

  @SuppressWarnings("unchecked")
  private <S> Entity<S> entity(
      Query query,
      Object codeVersion,
      S initial,
      BiFunction<S, RecordedEvent, S> evolve,
      Reading reading) {
    var key = new Key(query, codeVersion);
    var held = entities.getIfPresent(key);
    var sourced = reading.read(query, held == null ? 0 : held.marker());
    var identity = log.identity();
    if (held != null && (sourced.marker() < held.marker() || !identity.equals(held.identity()))) {
      held = null;
      sourced = log.source(query, 0);
      identity = log.identity();
    }
    var state = held == null ? initial : (S) held.state();
    for (var event : sourced.events()) {
      state = evolve.apply(state, event);
    }
    entities.put(key, new Held(state, sourced.marker(), identity));
    return new Entity<>(state, sourced.marker());
  }
}
