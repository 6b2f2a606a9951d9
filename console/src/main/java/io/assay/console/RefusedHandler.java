package io.assay.console;

import io.assay.client.ProblemResponse;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;

/**
 * A refusal of the public interface becomes a page; a token that ran out, or that is not enough,
 * leads to sign-in.
 */
@Singleton
final class RefusedHandler implements ExceptionHandler<ProblemResponse, HttpResponse<?>> {

  private static final int UNAUTHORIZED = 401;

  private final ProblemPage page;
  private final ToSignIn toSignIn;

  RefusedHandler(ProblemPage page, ToSignIn toSignIn) {
    this.page = page;
    this.toSignIn = toSignIn;
  }

  @Override
  public HttpResponse<?> handle(HttpRequest request, ProblemResponse refused) {
    if (refused.status() == UNAUTHORIZED && !isNew((HttpRequest<?>) request)) {
      return toSignIn.from((HttpRequest<?>) request, refused.challenge());
    }
    var problem = refused.problem();
    var conditions = problem.getConditions();
    var detail = problem.getDetail();
    return page.show(
        (HttpRequest<?>) request,
        refused.status(),
        problem.getTitle(),
        detail == null ? "" : detail,
        conditions == null ? List.of() : conditions);
  }

  /** A token that was refused as soon as it was had: another one would fare no better. */
  private static boolean isNew(HttpRequest<?> request) {
    return request.getMethodName().equals("GET")
        && Session.of(request).filter(session -> session.isNewAt(Instant.now())).isPresent();
  }
}
