package io.assay.eventlog;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The tails of this process: logs on the same database read it once for all of them, and hand each
 * other what they append.
 *
 * <p>The log that joined first reads; when it leaves, the next one does.
 */
final class Tails {

  /** How long a log that leaves waits for a reading that it was to do. */
  private static final long PATIENCE = TimeUnit.SECONDS.toMillis(1);

  /** Tells this process from all others. */
  private static final UUID PROCESS = UUID.randomUUID();

  private static final Map<String, Shared> OPEN = new HashMap<>();

  private Tails() {}

  /** What logs on a database bear as the name of their wake-ups that share one tail here. */
  static String name(String database) {
    return UUID.nameUUIDFromBytes((PROCESS + database).getBytes(StandardCharsets.UTF_8)).toString();
  }

  /**
   * Joins the tail of a database, or begins it with these bounds.
   *
   * @param onAppend how this log tells that it has grown
   */
  static Share join(
      String database,
      Tail.Source source,
      Function<Runnable, EventLog.Subscription> onAppend,
      int maximumEvents,
      long maximumBytes) {
    synchronized (OPEN) {
      var open = OPEN.get(database);
      var shared = open == null ? new Shared(database, source, maximumEvents, maximumBytes) : open;
      if (open == null) {
        OPEN.put(database, shared);
      } else {
        shared.sources.add(source);
      }
      return new Share(shared, source, onAppend.apply(shared.tail::grown));
    }
  }

  /** One log's share in a tail, which ends with its last share. */
  static final class Share implements AutoCloseable {

    private final Shared shared;
    private final Tail.Source source;
    private final EventLog.Subscription subscription;

    private Share(Shared shared, Tail.Source source, EventLog.Subscription subscription) {
      this.shared = shared;
      this.source = source;
      this.subscription = subscription;
    }

    Tail tail() {
      return shared.tail;
    }

    @Override
    public void close() {
      subscription.close();
      synchronized (OPEN) {
        shared.leave(source);
      }
    }
  }

  private static final class Shared implements Tail.Source {

    private final String database;
    private final List<Tail.Source> sources;
    private final ReentrantLock reading = new ReentrantLock();
    private final Tail tail;

    private Shared(String database, Tail.Source first, int maximumEvents, long maximumBytes) {
      this.database = database;
      this.sources = new CopyOnWriteArrayList<>(List.of(first));
      this.tail = new Tail(this, maximumEvents, maximumBytes);
    }

    @Override
    public List<Tail.Read> read(long fromPosition, int limit) {
      return reading(source -> source.read(fromPosition, limit));
    }

    @Override
    public long head() {
      return reading(Tail.Source::head);
    }

    private <T> T reading(Function<Tail.Source, T> read) {
      reading.lock();
      try {
        return read.apply(sources.getFirst());
      } finally {
        reading.unlock();
      }
    }

    /** The log that leaves will close what it reads with. */
    private void leave(Tail.Source source) {
      if (sources.size() == 1) {
        OPEN.remove(database);
        tail.close();
      }
      boolean waited = false;
      try {
        waited = reading.tryLock(PATIENCE, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        sources.remove(source);
        if (waited) {
          reading.unlock();
        }
      }
    }
  }
}
