package io.assay.platform.messaging;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.Query;

/**
 * The states that deciders decide on, kept with the marker that they are true at and brought up to
 * date by reading only what came after: the cost of a command does not grow with history.
 *
 * <p>Only events that the log has given back are evolved into a state, so that nothing uncommitted
 * is ever cached. A log whose head went back is read anew.
 */
final class DecisionModels {

  /** A state and the marker it is true at. */
  record Model<S>(S state, long marker) {}

  private record Key(Class<?> decider, int stateVersion, Query boundary) {}

  private final EventLog log;
  private final Cache<Key, Model<?>> models;

  DecisionModels(EventLog log, long maximumSize) {
    this.log = log;
    this.models = Caffeine.newBuilder().maximumSize(maximumSize).build();
  }

  /** The state of the boundary now. */
  @SuppressWarnings("unchecked")
  <S> Model<S> current(Decider<?, S, ?> decider, Query boundary) {
    var key = new Key(decider.getClass(), decider.stateVersion(), boundary);
    var known = (Model<S>) models.getIfPresent(key);
    var current = advance(decider, boundary, known == null ? start(decider) : known);
    models.put(key, current);
    return current;
  }

  private <S> Model<S> advance(Decider<?, S, ?> decider, Query boundary, Model<S> known) {
    var sourced = log.source(boundary, known.marker());
    if (sourced.marker() < known.marker()) {
      return advance(decider, boundary, start(decider));
    }
    var state = known.state();
    for (var event : sourced.events()) {
      state = decider.evolve(state, event);
    }
    return new Model<>(state, sourced.marker());
  }

  private static <S> Model<S> start(Decider<?, S, ?> decider) {
    return new Model<>(decider.initial(), 0);
  }
}
