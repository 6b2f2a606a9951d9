package io.assay.lineage.verifylog;

import io.assay.eventlog.LogVerifier;
import io.assay.eventlog.LogVerifier.Verification;
import io.assay.eventlog.PostgresStoredEvents;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Verifies the log, one verification at a time, and remembers the last one of this process. */
@Singleton
class LogVerifications {

  /** Events between two lines of progress. */
  private static final long REPORT_EVERY = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(LogVerifications.class);

  /** A verification and when it ended. */
  record Verified(Verification verification, Instant at) {}

  private final DataSource log;
  private final Clock clock;
  private final ReentrantLock turn = new ReentrantLock(true);
  private volatile @Nullable Verified last;

  /** The count of events in the last line of progress; of whoever has the turn. */
  private long reported;

  LogVerifications(@Named("audit") DataSource log, Clock clock) {
    this.log = DelegatingDataSource.unwrapDataSource(log);
    this.clock = clock;
  }

  /** Reads and hashes every stored byte again, as of now. */
  Verified verify() {
    turn.lock();
    reported = 0;
    try (var stored = new PostgresStoredEvents(log)) {
      var verification = LogVerifier.verify(stored, Long.MAX_VALUE, this::report);
      var verified = new Verified(verification, clock.instant().truncatedTo(ChronoUnit.MICROS));
      last = verified;
      if (!verification.sound()) {
        LOG.error(
            "The log is not sound: {} faults in {} events, the first {}",
            verification.faultCount(),
            verification.size(),
            verification.faults().getFirst());
      }
      return verified;
    } finally {
      turn.unlock();
    }
  }

  Optional<Verified> last() {
    return Optional.ofNullable(last);
  }

  private void report(long events) {
    if (events - reported >= REPORT_EVERY) {
      reported = events;
      LOG.info("Verifying the log: {} events read", events);
    }
  }
}
