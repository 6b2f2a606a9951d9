package io.assay.registry.references;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.assay.contracts.Tag;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The numbers of versions: the rank of an event among those of its type with its entity's tag.
 *
 * <p>What was counted is kept and brought up to date by reading what came after.
 */
@Singleton
public class Ranks {

  private record Key(String workspace, Tag tag, String type) {}

  /** Positions in order, and the entities that they registered. */
  private record Counted(List<Long> positions, List<RecordedEvent> events, long marker) {
    static final Counted NOTHING = new Counted(List.of(), List.of(), 0);
  }

  private final EventLog log;
  private final Cache<Key, Counted> counted = Caffeine.newBuilder().maximumSize(10_000).build();

  Ranks(EventLog log) {
    this.log = log;
  }

  /** How many there are. */
  public int count(String workspace, Tag tag, String type) {
    return current(new Key(workspace, tag, type)).positions().size();
  }

  /** The number of the event at a position, from 1. */
  public int rank(String workspace, Tag tag, String type, long position) {
    int index =
        Collections.binarySearch(current(new Key(workspace, tag, type)).positions(), position);
    if (index < 0) {
      throw new IllegalArgumentException("No " + type + " of " + tag + " stands at " + position);
    }
    return index + 1;
  }

  /** The event of a number. */
  public Optional<RecordedEvent> event(String workspace, Tag tag, String type, int number) {
    var events = current(new Key(workspace, tag, type)).events();
    return number < 1 || number > events.size()
        ? Optional.empty()
        : Optional.of(events.get(number - 1));
  }

  private Counted current(Key key) {
    var known = Objects.requireNonNullElse(counted.getIfPresent(key), Counted.NOTHING);
    var query = Query.of(key.workspace(), Criterion.of(key.tag(), key.type()));
    var later = log.source(query, known.marker());
    if (later.marker() < known.marker()) {
      known = Counted.NOTHING;
      later = log.source(query, 0);
    }
    var current = known;
    if (!later.events().isEmpty()) {
      var positions = new ArrayList<>(known.positions());
      var events = new ArrayList<>(known.events());
      for (var event : later.events()) {
        positions.add(event.position());
        events.add(event);
      }
      current = new Counted(List.copyOf(positions), List.copyOf(events), later.marker());
    } else {
      current = new Counted(known.positions(), known.events(), later.marker());
    }
    counted.put(key, current);
    return current;
  }
}
