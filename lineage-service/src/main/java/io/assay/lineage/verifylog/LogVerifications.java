package io.assay.lineage.verifylog;

import io.assay.contracts.Sha256;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.LogVerifier;
import io.assay.eventlog.LogVerifier.Progress;
import io.assay.eventlog.LogVerifier.Verification;
import io.assay.eventlog.PostgresStoredEvents;
import io.assay.platform.database.Node;
import io.assay.platform.messaging.Ids;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies the log, one verification at a time, behind those who ask for it.
 *
 * <p>Each begins after it was asked for, so that what was changed before is found. Who asks while
 * one waits for its turn shares it: however many ask, one runs and one waits.
 */
@Singleton
class LogVerifications implements AutoCloseable {

  /** Events between two lines of progress in the service's log. */
  private static final long REPORT_EVERY = 100_000;

  /** Between two times that progress is written down, and before another attempt to write. */
  private static final Duration BREATH = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(LogVerifications.class);

  /** A verification that was asked for here, and its end. */
  private record Asked(UUID id, CountDownLatch ended) {}

  private final VerificationRunRows rows;
  private final LogRoot root;
  private final EventLog log;
  private final DataSource stored;
  private final Node node;
  private final Clock clock;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("log-verification").factory());
  private @Nullable Asked waiting;

  LogVerifications(
      VerificationRunRows rows,
      LogRoot root,
      EventLog log,
      @Named(VerificationRunRows.DATASOURCE) DataSource stored,
      Node node,
      Clock clock) {
    this.rows = rows;
    this.root = root;
    this.log = log;
    this.stored = DelegatingDataSource.unwrapDataSource(stored);
    this.node = node;
    this.clock = clock;
    rows.abandon(node.name(), "The process that verified has ended.", now());
  }

  /**
   * Has every stored byte read and hashed again, as of now or later.
   *
   * @param patience how long to wait for its end
   * @return how far it is then
   */
  VerificationRun verify(Duration patience) {
    var asked = ask();
    try {
      if (!asked.ended().await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("The verification {} goes on behind who asked for it", asked.id());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return rows.find(asked.id()).orElseThrow();
  }

  private synchronized Asked ask() {
    var asked = waiting;
    if (asked == null) {
      asked = new Asked(Ids.next(), new CountDownLatch(1));
      rows.ask(asked.id(), node.name(), now());
      var next = asked;
      worker.execute(() -> run(next));
      waiting = asked;
    }
    return asked;
  }

  private void run(Asked asked) {
    synchronized (this) {
      waiting = null;
    }
    try {
      var found = found(asked.id());
      written(() -> rows.end(asked.id(), found, now()));
      if (!found.sound()) {
        LOG.error(
            "The log is not sound: {} faults in {} events, the first {}",
            found.faultCount(),
            found.size(),
            found.faults().getFirst());
      }
    } catch (RuntimeException | Error e) {
      LOG.error("The verification {} has failed", asked.id(), e);
      written(
          () ->
              rows.fail(
                  asked.id(),
                  "The log could not be read to its end; the service's own log says why.",
                  now()));
      if (e instanceof Error error) {
        throw error;
      }
    } finally {
      asked.ended().countDown();
    }
  }

  private Verification found(UUID id) {
    rows.start(id, log.head(), now());
    try (var events = new PostgresStoredEvents(stored)) {
      return LogVerifier.verify(events, Long.MAX_VALUE, earlierRoots(), new Told(id));
    }
  }

  /** What this process has told outweighs what the database says that was found. */
  private SortedMap<Long, Sha256> earlierRoots() {
    var roots = new TreeMap<>(rows.roots());
    roots.putAll(root.known());
    return roots;
  }

  /** Writes down how far a verification is, and now and then tells it in the service's log. */
  private final class Told implements Progress {

    private final UUID id;
    private Instant written = now();
    private long told;

    Told(UUID id) {
      this.id = id;
    }

    @Override
    public void read(int reading, long events) {
      if (now().isAfter(written.plus(BREATH))) {
        written = now();
        try {
          rows.progress(id, reading, events);
        } catch (RuntimeException e) {
          LOG.debug("How far the verification {} is cannot be written down", id, e);
        }
      }
      if (events / REPORT_EVERY != told) {
        told = events / REPORT_EVERY;
        LOG.info("Verifying the log: {} events read, reading {}", events, reading);
      }
    }
  }

  /** What was found is not lost because the database is away for a while. */
  private void written(Runnable write) {
    while (!worker.isShutdown()) {
      try {
        write.run();
        return;
      } catch (RuntimeException e) {
        LOG.warn("What a verification found cannot be written down yet: {}", e.getMessage());
        try {
          TimeUnit.NANOSECONDS.sleep(BREATH.toNanos());
        } catch (InterruptedException interrupted) {
          return;
        }
      }
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  @PreDestroy
  public void close() {
    worker.shutdownNow();
  }
}
