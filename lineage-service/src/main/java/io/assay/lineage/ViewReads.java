package io.assay.lineage;

import io.assay.platform.http.Positions;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.assay.platform.view.Views;
import io.micronaut.http.context.ServerRequestContext;
import jakarta.inject.Singleton;

/** What a read of a view must wait for and must not hide. */
@Singleton
public class ViewReads {

  private final Views views;

  ViewReads(Views views) {
    this.views = views;
  }

  /** Waits for the position that the current request asks for, if it does. */
  public void await(String view) {
    ServerRequestContext.currentRequest()
        .ifPresent(
            request -> Positions.least(request).ifPresent(position -> views.await(view, position)));
  }

  /** How many events of the log the view regards. */
  public long position(String view) {
    return views.position(view);
  }

  /** Refuses with 503 while an event is parked: an answer without it would be silently wrong. */
  public void requireComplete(String view) {
    var parked = views.parked(view);
    if (!parked.isEmpty()) {
      throw new ProblemException(
          Rejection.parked(
              "The event at position %d could not be taken into the view %s. An operator must look"
                      .formatted(parked.getFirst().position(), view)
                  + " at its parked events."));
    }
  }
}
