package io.assay.console;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** Leads to sign-in whoever is not signed in. */
@Singleton
final class NotSignedInHandler implements ExceptionHandler<Visit.NotSignedIn, HttpResponse<?>> {

  private final ToSignIn toSignIn;

  NotSignedInHandler(ToSignIn toSignIn) {
    this.toSignIn = toSignIn;
  }

  @Override
  public HttpResponse<?> handle(HttpRequest request, Visit.NotSignedIn nobody) {
    return toSignIn.from((HttpRequest<?>) request);
  }
}
