package io.assay.console;

import io.assay.client.Assay;
import io.assay.client.Caller;
import io.assay.client.ProblemResponse;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who looks at the console, and what he may see through the public interface. */
@Singleton
public class Visit {

  /**
   * A part of a page that may be missing while the rest is there.
   *
   * @param problem why it is missing
   */
  public record Part<T>(List<T> items, @Nullable String problem) {}

  private final Assay assay;

  Visit(Assay assay) {
    this.assay = assay;
  }

  /** The person signed in; sends everybody else to sign in. */
  Session session(HttpRequest<?> request) {
    return Session.of(request).orElseThrow(NotSignedIn::new);
  }

  /** The person signed in, for a form that changes something; refuses forms of other origin. */
  Session session(HttpRequest<?> request, @Nullable String formToken) {
    var session = session(request);
    if (!session.sent(formToken)) {
      throw new ForeignForm();
    }
    return session;
  }

  Caller caller(Session session) {
    return assay.as(session::token);
  }

  /** What the supplier gives, or why it does not; that nobody is signed in is thrown on. */
  static <T> Part<T> part(Supplier<List<T>> items) {
    try {
      return new Part<>(items.get(), null);
    } catch (ProblemResponse e) {
      if (e.status() == 401) {
        throw e;
      }
      var detail = e.problem().getDetail();
      return new Part<>(List.of(), detail == null ? e.problem().getTitle() : detail);
    }
  }

  /** Nobody is signed in. */
  static final class NotSignedIn extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotSignedIn() {
      super("Nobody is signed in", null, false, false);
    }
  }

  /** The form did not come from a page of this session. */
  static final class ForeignForm extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ForeignForm() {
      super("The form is not of this session", null, false, false);
    }
  }
}
