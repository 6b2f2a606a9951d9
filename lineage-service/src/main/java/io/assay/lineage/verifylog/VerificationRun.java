package io.assay.lineage.verifylog;

import io.assay.contracts.Sha256;
import io.assay.eventlog.LogVerifier.Fault;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A verification of the log, as far as it is.
 *
 * @param number which one it is, of all
 * @param logSize the count of events when it started
 * @param reading which reading goes on, from 1; 0 before it starts
 * @param events the count of events read in it; of one that has ended, of all
 * @param root over them; only where it has ended
 * @param faults the first of them
 * @param failure why it will not come to an end
 */
record VerificationRun(
    long number,
    UUID id,
    Instant askedAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    long logSize,
    int reading,
    long events,
    @Nullable Sha256 root,
    long faultCount,
    List<Fault> faults,
    @Nullable String failure) {

  /** How far it is. */
  enum State {
    WAITING,
    RUNNING,
    ENDED,
    FAILED
  }

  State state() {
    if (failure != null) {
      return State.FAILED;
    } else if (endedAt != null) {
      return State.ENDED;
    } else {
      return startedAt == null ? State.WAITING : State.RUNNING;
    }
  }

  /** It has ended and found nothing. */
  boolean sound() {
    return state() == State.ENDED && faultCount == 0;
  }
}
