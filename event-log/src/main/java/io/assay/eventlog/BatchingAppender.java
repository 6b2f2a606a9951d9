package io.assay.eventlog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes appends to the log, as many in one transaction as wait, never waiting for more.
 *
 * <p>While other nodes append as well, it waits for the lock first, and what has come meanwhile
 * goes along; then it looks up what is true and builds on that, where it else would call in vain.
 *
 * <p>One thread with one connection of its own. An answer is given after COMMIT was answered, or
 * after the events were looked up under the lock. What is refused is refused alone: a batch that
 * fails is tried again append by append.
 */
final class BatchingAppender implements AutoCloseable {

  /** Appends in one transaction: more only lengthens everybody's wait. */
  static final int BATCH_APPENDS = 256;

  /** Bytes in one transaction, unless a single append is larger. */
  static final int BATCH_BYTES = 1 << 20;

  /** Appends that may wait; beyond, callers are told to come back. */
  static final int QUEUE = 8192;

  /** How long an append of which nothing was sent waits for a database that cannot be reached. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** A server that says nothing for so long is gone. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private static final int KNOWN_TAGS = 50_000;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** Shut down, crashed, starting, timed out, or full: SQL states beside those of class 08. */
  private static final Set<String> LOST =
      Set.of("57P01", "57P02", "57P03", "57P05", "25P03", "53300");

  private static final String RESOLUTION_UNKNOWN = "08007";

  private static final Logger LOGGER = LoggerFactory.getLogger(BatchingAppender.class);

  /** Who is told of what has become durable. */
  interface Audience {

    /**
     * These events are in the log, in their order, and have not been answered yet; an empty list
     * where it is only known that there are some. On the appender's thread.
     */
    void written(List<Tail.Read> events);

    /** The log has grown, and who appended has his answer. On the thread that answers. */
    void answered();
  }

  private final DataSource database;
  private final String writer;
  private final InstantSource clock;
  private final Executor answers;
  private final Audience audience;
  private final BlockingQueue<Pending> queue;
  private final Thread thread;
  private volatile boolean closed;

  // Below: only the appender's thread.
  private @Nullable Connection connection;
  private @Nullable PreparedStatement call;

  /** Whether the head was where it was believed: then the call is a transaction of its own. */
  private boolean alone;

  private LogIdentity identity;
  private long head;
  private Instant recordedAt = Instant.EPOCH;
  private final Map<Batch.Key, Long> previous =
      new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Batch.Key, Long> eldest) {
          return size() > KNOWN_TAGS;
        }
      };

  /**
   * @param database gives an unpooled connection
   */
  BatchingAppender(
      DataSource database,
      LogIdentity identity,
      String writer,
      InstantSource clock,
      int queue,
      Executor answers,
      Audience audience) {
    this.database = database;
    this.identity = identity;
    this.writer = writer;
    this.clock = clock;
    this.answers = answers;
    this.audience = audience;
    this.queue = new ArrayBlockingQueue<>(queue);
    this.thread = Thread.ofPlatform().name("log-appender-" + writer).daemon().unstarted(this::run);
    thread.start();
  }

  CompletableFuture<Appended> append(Pending pending) {
    if (closed) {
      return CompletableFuture.failedFuture(new LogUnavailableException("The log is closed"));
    }
    if (!queue.offer(pending)) {
      return CompletableFuture.failedFuture(
          new LogUnavailableException("Too many appends wait for the log"));
    }
    if (closed && queue.remove(pending)) {
      return CompletableFuture.failedFuture(new LogUnavailableException("The log is closed"));
    }
    return pending.answer;
  }

  /** Writes what waits, then ends. */
  @Override
  public void close() {
    closed = true;
    try {
      if (!thread.join(Duration.ofSeconds(10))) {
        thread.interrupt();
        thread.join(Duration.ofSeconds(5));
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    var batch = new ArrayList<Pending>();
    try {
      while (!closed || !queue.isEmpty()) {
        batch.clear();
        if (take(batch)) {
          write(batch, true);
          // Whoever was answered and has more to append may come along: a turn, not a wait.
          Thread.yield();
        }
      }
    } catch (InterruptedException e) {
      LOGGER.debug("The appender was interrupted", e);
    } finally {
      closed = true;
      queue.drainTo(batch);
      batch.forEach(this::abandon);
      disconnect();
    }
  }

  private boolean take(List<Pending> batch) throws InterruptedException {
    var first = queue.poll(100, TimeUnit.MILLISECONDS);
    if (first == null) {
      return false;
    }
    batch.add(first);
    fill(batch);
    return true;
  }

  /** Takes along what waits, as far as a transaction goes. */
  private void fill(List<Pending> batch) {
    int bytes = batch.stream().mapToInt(pending -> pending.bytes).sum();
    for (var next = queue.peek();
        next != null && batch.size() < BATCH_APPENDS && bytes + next.bytes <= BATCH_BYTES;
        next = queue.peek()) {
      batch.add(queue.remove());
      bytes += next.bytes;
    }
  }

  private void abandon(Pending pending) {
    fail(
        pending,
        pending.uncertain
            ? new AppendUncertainException("The log was closed before COMMIT was answered")
            : new LogUnavailableException("The log is closed"));
  }

  /**
   * Answers every append of the batch.
   *
   * @param mayGrow whether others may go along that come while it waits
   */
  private void write(List<Pending> batch, boolean mayGrow) throws InterruptedException {
    var waiting = new ArrayList<>(batch);
    var since = clock.instant();
    var pause = FIRST_PAUSE;
    @Nullable SQLException lost = null;
    while (!waiting.isEmpty()) {
      try {
        settle(waiting);
        if (lost != null && clock.instant().isAfter(since.plus(PATIENCE))) {
          giveUp(waiting, lost);
        }
        attempt(waiting, mayGrow);
        waiting.clear();
      } catch (SQLException e) {
        boolean uncertain = waiting.stream().anyMatch(pending -> pending.uncertain);
        if (!uncertain && !lostConnection(e)) {
          isolate(waiting, e);
          return;
        }
        LOGGER.warn("The log's connection is lost, connecting anew: {}", e.getMessage());
        lost = e;
        disconnect();
        if (closed) {
          waiting.forEach(this::abandon);
          return;
        }
        if (clock.instant().isAfter(since.plus(PATIENCE))) {
          giveUp(waiting, e);
        }
        TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      } catch (RuntimeException e) {
        LOGGER.error("The appender failed", e);
        disconnect();
        waiting.forEach(
            pending ->
                fail(
                    pending,
                    pending.uncertain
                        ? new AppendUncertainException("It is not known what became of it: " + e)
                        : e));
        waiting.clear();
      }
    }
  }

  /**
   * Those of which nothing can be in the log are answered, and who has come meanwhile; the others
   * are looked up, however long.
   */
  private void giveUp(List<Pending> waiting, SQLException cause) {
    var unsent = new ArrayList<>(waiting);
    unsent.removeIf(pending -> pending.uncertain);
    waiting.removeAll(unsent);
    queue.drainTo(unsent);
    unsent.forEach(
        pending -> fail(pending, new LogUnavailableException("The log cannot be reached", cause)));
  }

  /** Only the culprit fails: each append is written alone. */
  private void isolate(List<Pending> waiting, SQLException cause) throws InterruptedException {
    rollback();
    if (waiting.size() == 1) {
      fail(waiting.getFirst(), refusal(cause));
      return;
    }
    for (var pending : waiting) {
      write(List.of(pending), false);
    }
  }

  private static RuntimeException refusal(SQLException e) {
    var state = String.valueOf(e.getSQLState());
    var passing =
        state.startsWith("40")
            || state.startsWith("53")
            || state.startsWith("55")
            || state.startsWith("57");
    return passing
        ? new LogUnavailableException("The log did not take it: " + e.getMessage(), e)
        : new AppendRefusedException("The log refuses it: " + message(e), e);
  }

  private static String message(SQLException e) {
    return e instanceof PSQLException postgres
            && postgres.getServerErrorMessage() != null
            && postgres.getServerErrorMessage().getMessage() != null
        ? postgres.getServerErrorMessage().getMessage()
        : String.valueOf(e.getMessage());
  }

  private void attempt(List<Pending> batch, boolean mayGrow) throws SQLException {
    var connected = connect();
    var call = statement();
    boolean atOnce = alone;
    alone = true;
    if (!atOnce) {
      lock(connected);
      if (mayGrow) {
        fill(batch);
      }
      var looked = new Batch(batch, head);
      var truth = looked.look(connected);
      alone = truth.head() == head;
      learn(looked, truth);
    }
    var candidates = new ArrayList<>(batch);
    var conflicting = new ArrayList<Pending>();
    long seen = head;
    while (true) {
      var losers = new ArrayList<Pending>();
      var live = compatible(candidates, losers);
      if (live.isEmpty()) {
        rollback();
        long marker = seen;
        conflicting.forEach(pending -> fail(pending, conflict(marker)));
        return;
      }
      var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
      var time = now.isBefore(recordedAt) ? recordedAt : now;
      var attempted = new Batch(live, head);
      switch (call(call, attempted, live, time, atOnce)) {
        case Batch.Answer.Moved moved -> {
          alone &= moved.head() == head;
          learn(attempted, moved);
        }
        case Batch.Answer.Conflict conflict -> {
          for (int place : conflict.appends()) {
            conflicting.add(live.get(place - 1));
          }
          candidates.removeAll(conflicting);
          seen = conflict.head();
        }
        case Batch.Answer.Inserted inserted -> {
          if (!atOnce) {
            live.forEach(pending -> pending.uncertain = true);
            commit(connected);
            live.forEach(pending -> pending.uncertain = false);
          }
          head = inserted.head();
          recordedAt = time;
          previous.putAll(attempted.written());
          losers.addAll(conflicting);
          var recorded = attempted.recorded(time, writer);
          tell(recorded);
          answer(live, attempted.appended(recorded), losers, Math.max(seen, head));
          return;
        }
      }
      // From now on the lock is kept until it is done: another node might be faster every time.
      atOnce = false;
    }
  }

  /** Waits for the lock, which is kept until the transaction ends. */
  private static void lock(Connection connected) throws SQLException {
    connected.setAutoCommit(false);
    try (var lock = connected.prepareStatement("select from log.settle('{}')")) {
      lock.execute();
    }
  }

  /**
   * Calls the function for these appends.
   *
   * @param atOnce in a transaction of its own: what is inserted is durable then, and the lock gone
   */
  private Batch.Answer call(
      PreparedStatement call, Batch batch, List<Pending> live, Instant time, boolean atOnce)
      throws SQLException {
    call.getConnection().setAutoCommit(atOnce);
    try {
      live.forEach(pending -> pending.uncertain = atOnce);
      var answer = batch.call(call, identity, writer, time, previous);
      requireReplicated(call.getWarnings());
      live.forEach(pending -> pending.uncertain = false);
      return answer;
    } catch (PSQLException e) {
      if (e.getServerErrorMessage() != null && !lostConnection(e)) {
        // The server told an error, of the call or of its commit: nothing of it is in the log.
        live.forEach(pending -> pending.uncertain = false);
      }
      throw e;
    }
  }

  private static void commit(Connection connected) throws SQLException {
    connected.clearWarnings();
    connected.commit();
    requireReplicated(connected.getWarnings());
  }

  /**
   * Who cancels a COMMIT that waits for the standbys makes it succeed without them, with a warning.
   * That is no answer yet: what it wrote is looked up, which waits for them again.
   */
  private static void requireReplicated(@Nullable SQLWarning warning) throws SQLException {
    if (warning != null
        && warning.getSQLState() != null
        && warning.getSQLState().startsWith("01")) {
      throw new SQLException(warning.getMessage(), RESOLUTION_UNKNOWN, warning);
    }
  }

  private PreparedStatement statement() {
    if (call == null) {
      throw new IllegalStateException("Connected without a statement");
    }
    return call;
  }

  /** Those of the batch that hold against each other: the first wins. */
  private static List<Pending> compatible(List<Pending> candidates, List<Pending> losers) {
    if (candidates.size() == 1 || candidates.stream().allMatch(c -> c.conditions.isEmpty())) {
      return candidates;
    }
    var live = new ArrayList<Pending>(candidates.size());
    var byTag = new HashMap<Batch.Key, List<Pending.Encoded>>();
    var all = new ArrayList<Pending.Encoded>();
    for (var candidate : candidates) {
      if (candidate.conditions.stream().anyMatch(condition -> conflicts(condition, byTag, all))) {
        losers.add(candidate);
        continue;
      }
      live.add(candidate);
      for (var event : candidate.events) {
        all.add(event);
        for (var tag : event.tags()) {
          byTag
              .computeIfAbsent(
                  new Batch.Key(event.event().metadata().workspace(), tag),
                  key -> new ArrayList<>(2))
              .add(event);
        }
      }
    }
    return live;
  }

  private static boolean conflicts(
      Pending.Condition condition,
      Map<Batch.Key, List<Pending.Encoded>> byTag,
      List<Pending.Encoded> all) {
    var events =
        condition.tags().isEmpty()
            ? all
            : byTag.getOrDefault(
                new Batch.Key(condition.workspace(), condition.tags().getFirst()), List.of());
    return events.stream().anyMatch(condition::matches);
  }

  private void learn(Batch attempted, Batch.Answer.Moved moved) {
    if (moved.head() != head) {
      previous.clear();
      head = moved.head();
    }
    if (moved.recordedAt() != null && moved.recordedAt().isAfter(recordedAt)) {
      recordedAt = moved.recordedAt();
    }
    attempted
        .learned(moved)
        .forEach(
            (key, position) -> {
              if (position == null) {
                previous.remove(key);
              } else {
                previous.put(key, position);
              }
            });
  }

  private void answer(
      List<Pending> live, List<Appended> appended, List<Pending> losers, long marker) {
    var winners = List.copyOf(live);
    winners.forEach(pending -> pending.answered = true);
    losers.forEach(pending -> pending.answered = true);
    answers.execute(
        () -> {
          for (int i = 0; i < winners.size(); i++) {
            winners.get(i).answer.complete(appended.get(i));
          }
          losers.forEach(pending -> pending.answer.completeExceptionally(conflict(marker)));
          audience.answered();
        });
  }

  private void tell(List<Tail.Read> events) {
    try {
      audience.written(events);
    } catch (RuntimeException e) {
      LOGGER.error("What was appended could not be told", e);
    }
  }

  private static AppendConflictException conflict(long marker) {
    return new AppendConflictException(
        "An event that a guard excludes stands at or after its marker", marker);
  }

  private void fail(Pending pending, RuntimeException cause) {
    if (!pending.answered) {
      pending.answered = true;
      answers.execute(() -> pending.answer.completeExceptionally(cause));
    }
  }

  /**
   * Finds out what became of appends whose COMMIT was not answered. The lookup waits for the lock,
   * and thereby for whatever the lost connection's transaction still does.
   */
  private void settle(List<Pending> waiting) throws SQLException {
    if (waiting.stream().noneMatch(pending -> pending.uncertain)) {
      return;
    }
    var connected = connect();
    connected.setAutoCommit(false);
    var ids = new ArrayList<UUID>();
    for (var pending : waiting) {
      pending.events.forEach(event -> ids.add(event.event().id()));
    }
    var positions = new HashMap<UUID, Long>();
    try (var lookup = connected.prepareStatement("select id, position from log.settle(?)")) {
      lookup.setArray(1, connected.createArrayOf("uuid", ids.toArray()));
      try (var rows = lookup.executeQuery()) {
        while (rows.next()) {
          positions.put(rows.getObject(1, UUID.class), rows.getLong(2));
        }
      }
    }
    // The lock made this a writing transaction: its COMMIT waits for the standbys, and so for all
    // that was found, which a primary that came back may have kept to itself.
    commit(connected);
    var found = new ArrayList<Pending>();
    for (var pending : waiting) {
      var first = positions.get(pending.events.getFirst().event().id());
      var last = positions.get(pending.events.getLast().event().id());
      if (pending.uncertain && first != null && last != null) {
        found.add(pending);
        pending.answered = true;
        answers.execute(() -> pending.answer.complete(new Appended(first, last)));
      }
      pending.uncertain = false;
    }
    waiting.removeAll(found);
    if (!found.isEmpty()) {
      tell(List.of());
      answers.execute(audience::answered);
    }
  }

  private Connection connect() throws SQLException {
    if (connection != null) {
      return connection;
    }
    var opened = database.getConnection();
    try {
      opened.setNetworkTimeout(Runnable::run, (int) SILENCE.toMillis());
      opened.setAutoCommit(true);
      try (var setup = opened.createStatement()) {
        // A client that is gone without a word must not hold the lock.
        setup.execute("set idle_in_transaction_session_timeout = '10s'");
        try (var rows =
            setup.executeQuery(
                "select log, epoch, (select coalesce(max(position) + 1, 0) from log.event)"
                    + " from log.head")) {
          rows.next();
          identity = new LogIdentity(rows.getObject(1, UUID.class), rows.getInt(2));
          head = rows.getLong(3);
        }
      }
      opened.setAutoCommit(false);
      opened.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      call = opened.prepareStatement(Batch.CALL);
      alone = true;
      previous.clear();
      connection = opened;
      return opened;
    } catch (SQLException e) {
      opened.close();
      throw e;
    }
  }

  private void rollback() {
    try {
      if (connection != null && !connection.getAutoCommit()) {
        connection.rollback();
      }
    } catch (SQLException e) {
      disconnect();
    }
  }

  private void disconnect() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      LOGGER.debug("A lost connection could not be closed", e);
    } finally {
      connection = null;
      call = null;
    }
  }

  private static boolean lostConnection(SQLException e) {
    var state = e.getSQLState();
    return PSQLState.isConnectionError(state)
        || state != null && (state.startsWith("08") || LOST.contains(state));
  }
}
