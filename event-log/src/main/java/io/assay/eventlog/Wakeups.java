package io.assay.eventlog;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells who waits that the log has grown: those of this process at once, those of others by NOTIFY
 * after commit. A slow poll behind it makes up for a notification that is lost with its connection.
 */
final class Wakeups implements AutoCloseable {

  private static final String CHANNEL = "assay_log";

  /** The slow poll: how late a lost notification is made up for. */
  private static final Duration POLL = Duration.ofSeconds(1);

  /** One notification stands for all appends of this time. */
  private static final Duration LULL = Duration.ofMillis(15);

  private static final Logger LOGGER = LoggerFactory.getLogger(Wakeups.class);

  private final DataSource database;
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

  Wakeups(DataSource database) {
    this.database = database;
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
    wake();
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
          notifications.getNotifications((int) POLL.toMillis());
        }
      } catch (SQLException e) {
        pause(e);
        wake();
      }
    }
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
    try (var statement = connection.prepareStatement("notify " + CHANNEL)) {
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
