package io.assay.console;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.util.List;

/** Refuses a form that another site made, or one of an earlier session. */
@Singleton
final class ForeignFormHandler implements ExceptionHandler<Visit.ForeignForm, HttpResponse<?>> {

  private static final int FORBIDDEN = 403;

  private final ProblemPage page;

  ForeignFormHandler(ProblemPage page) {
    this.page = page;
  }

  @Override
  public HttpResponse<?> handle(HttpRequest request, Visit.ForeignForm foreign) {
    return page.show(
        (HttpRequest<?>) request,
        FORBIDDEN,
        "The form is of another session",
        "Nothing was done. Go back, load the page again and repeat what you did.",
        List.of());
  }
}
