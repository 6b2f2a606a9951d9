package io.assay.platform.log;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.assay.contracts.Tag;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.EventLog.Positions;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.messaging.Receipt;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The numbers of versions: the rank of an event among those of its type with its entity's tag.
 *
 * <p>What was counted is kept and brought up to date by reading what came after.
 */
@Singleton
public class Ranks {

  private record Key(String workspace, Tag tag, String type) {}

  /** The positions of the events in order, and up to where they are read. */
  private static final class Counted {
    private final List<Long> positions = new ArrayList<>();
    private long marker;

    synchronized long marker() {
      return marker;
    }

    /** Adds what was read from a marker on; what another has added meanwhile is left out. */
    synchronized void add(Positions later) {
      later.positions().stream().filter(position -> position >= marker).forEach(positions::add);
      marker = Math.max(marker, later.marker());
    }

    synchronized int size() {
      return positions.size();
    }

    synchronized int index(long position) {
      return Collections.binarySearch(positions, position);
    }

    synchronized int before(long position) {
      int index = index(position);
      return index < 0 ? -index - 1 : index;
    }

    synchronized Optional<Long> position(int number) {
      return number < 1 || number > positions.size()
          ? Optional.empty()
          : Optional.of(positions.get(number - 1));
    }
  }

  private final EventLog log;
  private final Cache<Key, Counted> counted = Caffeine.newBuilder().maximumSize(10_000).build();

  Ranks(EventLog log) {
    this.log = log;
  }

  /** How many there are. */
  public int count(String workspace, Tag tag, String type) {
    return current(new Key(workspace, tag, type), this::all).size();
  }

  /** The number of the event at a position, from 1. */
  public int rank(String workspace, Tag tag, String type, long position) {
    int index =
        current(
                new Key(workspace, tag, type),
                (key, from) -> log.recentPositions(workspace, tag, type, from, position + 1))
            .index(position);
    if (index < 0) {
      throw new IllegalArgumentException("No " + type + " of " + tag + " stands at " + position);
    }
    return index + 1;
  }

  /**
   * The number of the event that a command has just appended. It need not have been read for that:
   * nothing that bears its tag stands between it and what bore the tag before.
   */
  public int rank(String workspace, Tag tag, String type, Receipt<?> receipt) {
    long position = receipt.position().orElseThrow();
    var previous = receipt.appended().map(appended -> appended.previous().get(tag)).orElse(null);
    if (previous == null) {
      return rank(workspace, tag, type, position);
    }
    return current(
                new Key(workspace, tag, type),
                (key, from) ->
                    log.recentPositions(workspace, tag, type, from, Math.max(from, previous + 1)))
            .before(position)
        + 1;
  }

  /** The event of a number. */
  public Optional<RecordedEvent> event(String workspace, Tag tag, String type, int number) {
    return current(new Key(workspace, tag, type), this::all).position(number).flatMap(log::event);
  }

  private interface Reading {
    Positions read(Key key, long fromPosition);
  }

  private Counted current(Key key, Reading reading) {
    var known = counted.get(key, this::begin);
    long from = known.marker();
    var later = reading.read(key, from);
    if (later.marker() < from) { // another log, or an older one: what was counted is of no use
      counted.invalidate(key);
      return counted.get(key, this::begin);
    }
    known.add(later);
    return known;
  }

  /** Reads a history once, whoever else waits for it. */
  private Counted begin(Key key) {
    var begun = new Counted();
    begun.add(all(key, 0));
    return begun;
  }

  private Positions all(Key key, long from) {
    return log.positions(key.workspace(), key.tag(), key.type(), from);
  }
}
