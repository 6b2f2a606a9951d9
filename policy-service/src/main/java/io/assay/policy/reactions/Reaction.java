package io.assay.policy.reactions;

import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.assay.platform.view.View;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends commands when something happened. Every event comes at least once, so the commands must not
 * mind repetition. A rule that does not apply any more is no failure; whatever else goes wrong is
 * parked and can be tried again.
 */
abstract class Reaction implements View {

  private static final Logger LOG = LoggerFactory.getLogger(Reaction.class);

  private final Clock clock;

  Reaction(Clock clock) {
    this.clock = clock;
  }

  @Override
  public final boolean rebuildable() {
    return false;
  }

  @Override
  public final void reset() {
    throw new UnsupportedOperationException("A reaction has nothing to empty");
  }

  /** In the name of the service, on behalf of whoever caused the event. */
  final Invocation invocation(RecordedEvent event) {
    return Invocation.reaction("policy", event, clock.instant());
  }

  /** Does something that may have become impossible meanwhile. */
  final void attempt(String what, Runnable command) {
    try {
      command.run();
    } catch (ProblemException e) {
      if (e.rejection().status() >= 500 || e.rejection().equals(Rejection.lostRace())) {
        throw e;
      }
      LOG.info("{}: {}", what, e.getMessage());
    }
  }
}
