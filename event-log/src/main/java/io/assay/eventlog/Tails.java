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
import org.jspecify.annotations.Nullable;

/**
 * The tails of this process: logs on the same database read it once for all of them, and hand each
 * other what they append.
 *
 * <p>The log that joined first reads, and listens for what other processes append; when it leaves,
 * the next one does.
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
      var shared =
          OPEN.computeIfAbsent(
              database, absent -> new Shared(database, maximumEvents, maximumBytes));
      return shared.join(new Member(source, onAppend));
    }
  }

  /** A log, as far as others of this process need it. */
  private record Member(Tail.Source source, Function<Runnable, EventLog.Subscription> onAppend) {}

  /** One log's share in a tail, which ends with its last share. */
  static final class Share implements AutoCloseable {

    private final Shared shared;
    private final Member member;

    private Share(Shared shared, Member member) {
      this.shared = shared;
      this.member = member;
    }

    Tail tail() {
      return shared.tail;
    }

    @Override
    public void close() {
      synchronized (OPEN) {
        shared.leave(member);
      }
    }
  }

  private static final class Shared implements Tail.Source {

    private final String database;
    private final List<Member> members = new CopyOnWriteArrayList<>();
    private final ReentrantLock reading = new ReentrantLock();
    private final Tail tail;

    /** Of the first member. */
    private EventLog.@Nullable Subscription listening;

    private Shared(String database, int maximumEvents, long maximumBytes) {
      this.database = database;
      this.tail = new Tail(this, maximumEvents, maximumBytes, Tail.PACE);
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
        return read.apply(members.getFirst().source());
      } finally {
        reading.unlock();
      }
    }

    private Share join(Member member) {
      members.add(member);
      if (members.size() == 1) {
        listen();
      }
      return new Share(this, member);
    }

    private void listen() {
      listening = members.getFirst().onAppend().apply(tail::grown);
    }

    /** The log that leaves will close what it reads and listens with. */
    private void leave(Member member) {
      boolean first = members.getFirst() == member;
      if (first && listening != null) {
        listening.close();
      }
      if (members.size() == 1) {
        OPEN.remove(database);
        tail.close();
      }
      boolean waited = false;
      try {
        waited = reading.tryLock(PATIENCE, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        members.remove(member);
        if (waited) {
          reading.unlock();
        }
      }
      if (first && !members.isEmpty()) {
        listen();
      }
    }
  }
}
