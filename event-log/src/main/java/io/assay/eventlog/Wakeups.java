package io.assay.eventlog;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells who waits that the log has grown: those of this process at once, those of others by NOTIFY
 * after commit. A slow poll behind it makes up for a notification that is lost with its connection.
 *
 * <p>Where logs of one process hand each other what they append, they bear one name, which their
 * notifications say: who hears his own name has been told before.
 */
final class Wakeups implements AutoCloseable {

  private static final String CHANNEL = "assay_log";

  /** The slow poll: how late a lost notification is made up for. */
  private static final Duration POLL = Duration.ofSeconds(1);

  /** One notification stands for all appends of this time. */
  private static final Duration LULL = Duration.ofMillis(25);

  private static final Logger LOGGER = LoggerFactory.getLogger(Wakeups.class);

  private final DataSource database;
  private final String name;
  private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
  private final Semaphore bell = new Semaphore(0);
  private @Nullable Thread listener;
  private @Nullable Thread ringer;
  private volatile boolean closed;

  /** Identity matters: the same callback can be subscribed twice. */
  private static final class Subscriber {
    private final Runnable wakeUp;

    Subscriber(Runnable wakeUp) {
      this.wakeUp = wakeUp;
    }
  }

  /**
   * @param name empty where nothing is handed over
   */
  Wakeups(DataSource database, String name) {
    this.database = database;
    this.name = name;
  }

  synchronized EventLog.Subscription subscribe(Runnable wakeUp) {
    if (closed) {
      throw new IllegalStateException("The log is closed");
    }
    var subscriber = new Subscriber(wakeUp);
    subscribers.add(subscriber);
    if (listener == null) {
      listener = Thread.ofPlatform().name("log-listener").daemon().start(this::listen);
    }
    return () -> subscribers.remove(subscriber);
  }

  /** Call after an append is durable. */
  void appended() {
    if (name.isEmpty()) {
      wake();
    }
    bell.release();
    if (ringer == null) {
      startRinger();
    }
  }

  private synchronized void startRinger() {
    if (ringer == null && !closed) {
      ringer = Thread.ofPlatform().name("log-bell").daemon().start(this::ring);
    }
  }

  private void wake() {
    for (var subscriber : subscribers) {
      try {
        subscriber.wakeUp.run();
      } catch (RuntimeException e) {
        LOGGER.warn("A reader of the log failed to wake up", e);
      }
    }
  }

  private void listen() {
    while (!closed) {
      try (var connection = database.getConnection()) {
        try (var statement = connection.createStatement()) {
          statement.execute("listen " + CHANNEL);
        }
        var notifications = connection.unwrap(PGConnection.class);
        while (!closed) {
          wake();
          awaitOthers(notifications);
        }
      } catch (SQLException e) {
        pause(e);
        wake();
      }
    }
  }

  /** Waits for a notification that is not of our own name, no longer than the slow poll does. */
  private void awaitOthers(PGConnection notifications) throws SQLException {
    long deadline = System.nanoTime() + POLL.toNanos();
    for (long left = POLL.toMillis(); left > 0 && !closed; left = millisTo(deadline)) {
      var heard = notifications.getNotifications((int) left);
      if (heard != null
          && Stream.of(heard)
              .anyMatch(told -> name.isEmpty() || !told.getParameter().equals(name))) {
        return;
      }
    }
  }

  private static long millisTo(long deadline) {
    return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
  }

  private void ring() {
    while (!closed) {
      try (var connection = database.getConnection()) {
        ring(connection);
      } catch (SQLException e) {
        pause(e);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void ring(Connection connection) throws SQLException, InterruptedException {
    try (var setup = connection.createStatement()) {
      // A notification need not be durable: it must not cost the disk that appends wait for.
      setup.execute("set synchronous_commit = off");
    }
    try (var statement = connection.prepareStatement("select pg_notify(?, ?)")) {
      statement.setString(1, CHANNEL);
      statement.setString(2, name);
      while (!closed) {
        bell.acquire();
        bell.drainPermits();
        statement.execute();
        Thread.sleep(LULL);
      }
    }
  }

  private void pause(SQLException cause) {
    if (closed) {
      return;
    }
    LOGGER.debug("Notifications of the log are interrupted: {}", cause.getMessage());
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    subscribers.clear();
    if (ringer != null) {
      ringer.interrupt();
    }
  }
}
