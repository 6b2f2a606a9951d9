package io.assay.policy.edge;

import io.assay.eventlog.EventLog;
import io.assay.platform.http.Cursors;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.assay.platform.view.Views;
import io.assay.platform.view.Views.Progress;
import io.assay.policy.api.ViewsApi;
import io.assay.policy.api.model.ParkedEvent;
import io.assay.policy.api.model.ParkedEventPage;
import io.assay.policy.api.model.View;
import io.assay.policy.api.model.ViewList;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.ZoneOffset;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Shows how far the views are and repairs them. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class ViewsController implements ViewsApi {

  private static final int DEFAULT_LIMIT = 100;

  /** Parked events are about the process, not about any workspace. */
  private static final String WORKSPACE = "default";

  private final Views views;
  private final EventLog log;
  private final Cursors cursors;

  ViewsController(Views views, EventLog log, Cursors cursors) {
    this.views = views;
    this.log = log;
    this.cursors = cursors;
  }

  @Override
  public ViewList listViews() {
    return new ViewList(views.progress().stream().map(ViewsController::view).toList());
  }

  @Override
  public HttpResponse<View> rebuildView(String view) {
    views.rebuild(view);
    return HttpResponse.accepted().body(view(progress(view)));
  }

  @Override
  public ParkedEventPage listParkedEvents(
      String view, @Nullable Integer limit, @Nullable String cursor) {
    var query = "views/parked|" + view;
    long after =
        cursor == null ? -1 : Long.parseLong(cursors.key(WORKSPACE, query, cursor).getFirst());
    int size = limit == null ? DEFAULT_LIMIT : limit;
    var found =
        views.parked(view).stream()
            .filter(parked -> parked.position() > after)
            .limit(size + 1L)
            .toList();
    var page = new ParkedEventPage(new ArrayList<>());
    found.stream().limit(size).map(this::parked).forEach(page::addItemsItem);
    if (found.size() > size) {
      page.next(cursors.after(WORKSPACE, query, Long.toString(found.get(size - 1).position())));
    }
    return page;
  }

  @Override
  public HttpResponse<Void> retryParkedEvent(String view, Long position) {
    requireParked(view, position);
    if (!views.retry(view, position)) {
      throw new ProblemException(
          Rejection.state(
              "The event at position %d failed again; see its cause in the list of parked events."
                  .formatted(position)));
    }
    return HttpResponse.noContent();
  }

  @Override
  public HttpResponse<Void> discardParkedEvent(String view, Long position) {
    requireParked(view, position);
    views.discard(view, position);
    return HttpResponse.noContent();
  }

  private void requireParked(String view, long position) {
    if (views.parked(view).stream().noneMatch(parked -> parked.position() == position)) {
      throw new ProblemException(
          Rejection.notFound(
              "parked event at position %d in the view %s".formatted(position, view)));
    }
  }

  private Progress progress(String view) {
    return views.progress().stream()
        .filter(progress -> progress.view().equals(view))
        .findFirst()
        .orElseThrow(() -> new ProblemException(Rejection.notFound("view " + view)));
  }

  private static View view(Progress progress) {
    return new View(
        progress.view(),
        progress.position(),
        progress.head(),
        (long) progress.parked(),
        progress.position() < progress.head());
  }

  private ParkedEvent parked(io.assay.platform.view.ParkedEvent parked) {
    var event = log.event(parked.position()).orElseThrow();
    return new ParkedEvent(
        parked.position(),
        event.id(),
        event.type(),
        parked.sequence(),
        parked.cause(),
        1,
        parked.parkedAt().atOffset(ZoneOffset.UTC));
  }
}
