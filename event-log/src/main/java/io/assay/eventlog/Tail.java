package io.assay.eventlog;

import io.assay.contracts.GovernanceEvent.ErasureOrdered;
import io.assay.contracts.Tag;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest events of the log in memory, read once for all who follow it in this process.
 *
 * <p>What this process appends is handed over; it is read where something else came between, and
 * what others append. Begins empty at the head and holds so many events, or so many bytes of them,
 * as it may. Each reading begins with the last event that is held already: where that is no longer
 * there, or another, the log is not the one that was followed, and everything is forgotten.
 */
final class Tail implements AutoCloseable {

  /** An event and the bytes that are stored of it. */
  record Read(RecordedEvent event, int bytes) {}

  /**
   * How often followers are woken. A batch costs each of them much the same whatever its size: in a
   * rush, throughput counts more than lag for which nobody waits.
   *
   * @param lull the log is read, and followers are woken, once for all that came in this time
   * @param rush events in a lull from which on followers rest longer
   * @param rest for how long then, unless they are {@linkplain Tail#urge() urged}
   */
  record Pace(Duration lull, int rush, Duration rest) {}

  /** Where the events come from. */
  interface Source {

    /** At most {@code limit} events in order from a position. */
    List<Read> read(long fromPosition, int limit);

    long head();
  }

  /** Events that are read at a time. */
  private static final int PAGE = 500;

  /** How long a reader waits for an event that is in the log already. */
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(250);

  /** The pace of services. */
  static final Pace PACE = new Pace(Duration.ofMillis(25), 16, Duration.ofMillis(100));

  private static final Logger LOGGER = LoggerFactory.getLogger(Tail.class);

  private record Key(String workspace, Tag tag) {}

  private final Source source;
  private final int maximumEvents;
  private final long maximumBytes;
  private final Pace pace;
  private final Semaphore grown = new Semaphore(1);
  private final Semaphore readingUrged = new Semaphore(0);
  private final Semaphore taken = new Semaphore(0);
  private final Semaphore wakingUrged = new Semaphore(0);
  private final AtomicLong came = new AtomicLong();
  private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
  private final Thread reader;
  private final Thread waker;
  private volatile boolean closed;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();

  // Below: only under the lock.
  private final TreeMap<Long, RecordedEvent> events = new TreeMap<>();
  private final Deque<Integer> sizes = new ArrayDeque<>();
  private final Map<Key, Deque<RecordedEvent>> tagged = new HashMap<>();
  private long bytes;
  private boolean following;
  private long head;

  /** Identity matters: the same callback can be subscribed twice. */
  private static final class Follower {
    private final Runnable wakeUp;

    Follower(Runnable wakeUp) {
      this.wakeUp = wakeUp;
    }
  }

  Tail(Source source, int maximumEvents, long maximumBytes, Pace pace) {
    this.source = source;
    this.maximumEvents = maximumEvents;
    this.maximumBytes = maximumBytes;
    this.pace = pace;
    this.reader = Thread.ofPlatform().name("log-tail").daemon().unstarted(this::read);
    this.waker = Thread.ofPlatform().name("log-tail-bell").daemon().unstarted(this::wake);
    reader.start();
    waker.start();
  }

  /** Call soon after the log has grown; now and then without need, in case that was missed. */
  void grown() {
    grown.release();
  }

  /**
   * Takes in what this process has just appended, which is durable and follows on itself. Where it
   * does not follow on what is here, or is not known, the log is read.
   */
  void appended(List<Read> written) {
    if (!written.isEmpty() && follows(written)) {
      taken.release();
    } else {
      grown();
    }
  }

  private boolean follows(List<Read> written) {
    lock.lock();
    try {
      boolean follows = following && written.getFirst().event().position() <= head;
      if (follows) {
        take(written);
      }
      return follows;
    } finally {
      lock.unlock();
    }
  }

  /** Calls back soon after there is more to read here. */
  EventLog.Subscription onGrowth(Runnable wakeUp) {
    var follower = new Follower(wakeUp);
    followers.add(follower);
    return () -> followers.remove(follower);
  }

  /** Somebody waits for a follower: in a rush, too, those are woken after a lull. */
  void urge() {
    wakingUrged.release();
  }

  /** The events from a position on, none at the head; empty where they are not all here. */
  Optional<List<RecordedEvent>> from(long position, int limit) {
    lock.lock();
    try {
      return covers(position)
          ? Optional.of(events.tailMap(position, true).values().stream().limit(limit).toList())
          : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** The event at a position, where it is here. */
  Optional<RecordedEvent> at(long position) {
    lock.lock();
    try {
      return Optional.ofNullable(events.get(position));
    } finally {
      lock.unlock();
    }
  }

  /**
   * What matches from a position on, as of a moment when the log held at least so many events; that
   * moment is waited for. Empty where this cannot tell.
   */
  Optional<Sourced> matching(Query query, long fromPosition, long atLeast) {
    lock.lock();
    try {
      return reached(Math.max(fromPosition, atLeast)) && covers(fromPosition)
          ? Optional.of(new Sourced(matching(query, fromPosition), head))
          : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private boolean covers(long position) {
    return following && position <= head && position >= head - events.size();
  }

  private boolean reached(long count) throws InterruptedException {
    long patience = PATIENCE;
    while (following && head < count && patience > 0) {
      readingUrged.release();
      patience = more.awaitNanos(patience);
    }
    return following && head >= count;
  }

  private List<RecordedEvent> matching(Query query, long fromPosition) {
    var matching = new TreeMap<Long, RecordedEvent>();
    for (var criterion : query.criteria()) {
      for (var event : candidates(query.workspace(), criterion, fromPosition)) {
        if (event.position() < fromPosition) {
          break; // the newest come first
        }
        if (event.metadata().workspace().equals(query.workspace())
            && event.tags().containsAll(criterion.tags())
            && (criterion.types().isEmpty() || criterion.types().contains(event.type()))) {
          matching.put(event.position(), event);
        }
      }
    }
    return List.copyOf(matching.values());
  }

  /** At least what matches, the newest first: the shortest list of one of its tags. */
  private Iterable<RecordedEvent> candidates(
      String workspace, Criterion criterion, long fromPosition) {
    if (criterion.tags().isEmpty()) {
      return events.tailMap(fromPosition, true).descendingMap().values();
    }
    @Nullable Deque<RecordedEvent> fewest = null;
    for (var tag : criterion.tags()) {
      var bearing = tagged.get(new Key(workspace, tag));
      if (bearing == null) {
        return List.of();
      }
      if (fewest == null || bearing.size() < fewest.size()) {
        fewest = bearing;
      }
    }
    var found = fewest;
    return found == null ? List.of() : found::descendingIterator;
  }

  private void read() {
    boolean failing = false;
    while (!closed) {
      try {
        grown.acquire();
        readingUrged.tryAcquire(pace.lull.toMillis(), TimeUnit.MILLISECONDS);
        readingUrged.drainPermits();
        grown.drainPermits();
        while (!closed && readOn()) {
          taken.release();
        }
        failing = false;
        taken.release();
      } catch (InterruptedException e) {
        return;
      } catch (Exception | LinkageError | VirtualMachineError e) {
        forget(); // who follows reads the log itself, and meets what is wrong with it
        taken.release();
        if (!closed && !failing) {
          LOGGER.warn("The log cannot be followed at present: {}", e.toString());
        }
        failing = true;
      }
    }
  }

  /** Takes in what is there; answers whether there may be more. */
  private boolean readOn() {
    var held = held();
    if (!held.following) {
      begin(source.head());
      return true;
    }
    var last = held.last;
    var found = source.read(last == null ? held.head : last.position(), PAGE);
    if (last != null && (found.isEmpty() || !found.getFirst().event().id().equals(last.id()))) {
      LOGGER.warn("The event at position {} is no longer there", last.position());
      forget();
      return true;
    }
    take(last == null ? found : found.subList(1, found.size()));
    return found.size() == PAGE;
  }

  /** What the next reading goes on from. */
  private record Held(boolean following, long head, @Nullable RecordedEvent last) {}

  private Held held() {
    lock.lock();
    try {
      return new Held(following, head, events.isEmpty() ? null : events.lastEntry().getValue());
    } finally {
      lock.unlock();
    }
  }

  private void begin(long at) {
    lock.lock();
    try {
      following = true;
      head = at;
    } finally {
      lock.unlock();
    }
  }

  /** Takes in what is not here yet. */
  private void take(List<Read> found) {
    lock.lock();
    try {
      for (var read : found) {
        var event = read.event();
        if (event.position() < head) {
          continue;
        }
        came.incrementAndGet();
        events.put(event.position(), event);
        sizes.add(read.bytes());
        bytes += read.bytes();
        for (var tag : event.tags()) {
          tagged
              .computeIfAbsent(
                  new Key(event.metadata().workspace(), tag), absent -> new ArrayDeque<>(2))
              .add(event);
        }
        head = event.position() + 1;
        if (event.event() instanceof ErasureOrdered ordered) {
          ordered.positions().forEach(this::dropUpTo);
        }
      }
      while (events.size() > maximumEvents || (bytes > maximumBytes && events.size() > 1)) {
        dropUpTo(events.firstKey());
      }
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Drops what is that old; of a text that is erased, the database alone has the rest. */
  private void dropUpTo(long position) {
    while (!events.isEmpty() && events.firstKey() <= position) {
      drop(events.pollFirstEntry().getValue());
    }
  }

  private void drop(RecordedEvent oldest) {
    bytes -= sizes.remove();
    for (var tag : oldest.tags()) {
      tagged.computeIfPresent(
          new Key(oldest.metadata().workspace(), tag),
          (key, bearing) -> {
            bearing.remove();
            return bearing.isEmpty() ? null : bearing;
          });
    }
  }

  private void forget() {
    lock.lock();
    try {
      events.clear();
      sizes.clear();
      tagged.clear();
      bytes = 0;
      following = false;
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    long woken = System.nanoTime();
    while (!closed) {
      try {
        taken.acquire();
        taken.drainPermits();
        wakingUrged.drainPermits();
        long now = System.nanoTime();
        boolean rush = rushes(Duration.ofNanos(now - woken));
        woken = now;
        for (var follower : followers) {
          try {
            follower.wakeUp.run();
          } catch (RuntimeException e) {
            LOGGER.warn("A reader of the log failed to wake up", e);
          }
        }
        Thread.sleep(pace.lull);
        if (rush) {
          wakingUrged.tryAcquire(pace.rest.minus(pace.lull).toMillis(), TimeUnit.MILLISECONDS);
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Whether as many events came in this time as make a rush. */
  private boolean rushes(Duration time) {
    return came.getAndSet(0) >= pace.rush * Math.max(1, time.dividedBy(pace.lull));
  }

  @Override
  public void close() {
    closed = true;
    reader.interrupt();
    waker.interrupt();
  }
}
