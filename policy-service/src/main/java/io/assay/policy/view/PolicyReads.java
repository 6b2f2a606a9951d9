package io.assay.policy.view;

import io.assay.platform.http.Positions;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.assay.platform.view.Views;
import io.micronaut.context.BeanProvider;
import io.micronaut.http.context.ServerRequestContext;
import jakarta.inject.Singleton;
import java.time.Duration;

/** What reads of the policy view wait for and must not hide. */
@Singleton
public class PolicyReads {

  /** How long a reaction waits for the view; it has nothing better to do. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final BeanProvider<Views> views; // whose views include the reactions that read here

  PolicyReads(BeanProvider<Views> views) {
    this.views = views;
  }

  /** Waits for the position that the current request asks for, if it does. */
  public void await() {
    ServerRequestContext.currentRequest()
        .ifPresent(
            request ->
                Positions.least(request)
                    .ifPresent(position -> views.get().await(PolicyView.NAME, position)));
  }

  /**
   * Waits until the view shows the event at a position; refuses with 503 when it takes too long.
   */
  public void await(long position) {
    views.get().await(PolicyView.NAME, position);
  }

  /** Refuses with 503 while an event of the entity is parked. */
  public void requireNotParked(String sequence) {
    views.get().requireNotParked(PolicyView.NAME, sequence);
  }

  /** Waits, for a reaction to an event, until the view has taken that event in. */
  public void awaitPatiently(long position) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        views.get().await(PolicyView.NAME, position);
        return;
      } catch (ProblemException e) {
        if (!e.rejection().slug().equals(Rejection.unavailable("").slug())
            || System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }
}
