package io.assay.platform.messaging;

import io.assay.contracts.Event;
import io.assay.platform.problem.Rejection;
import java.util.Arrays;
import java.util.List;

/** What a rule says to a command. */
public sealed interface Outcome<R> {

  /** It happens: the facts are appended, all or none. */
  record Accepted<R>(List<Fact> facts, R answer) implements Outcome<R> {
    public Accepted {
      facts = List.copyOf(facts);
    }
  }

  /** It has happened already; nothing is appended. */
  record Unchanged<R>(R answer) implements Outcome<R> {}

  /** It does not happen; what the log shall remember of the refusal is appended. */
  record Refused<R>(Rejection rejection, List<Fact> facts) implements Outcome<R> {
    public Refused {
      facts = List.copyOf(facts);
    }
  }

  static <R> Outcome<R> accepted(R answer, Event... events) {
    return new Accepted<>(Arrays.stream(events).map(Fact::of).toList(), answer);
  }

  static <R> Outcome<R> accepted(R answer, Fact... facts) {
    return new Accepted<>(List.of(facts), answer);
  }

  static <R> Outcome<R> unchanged(R answer) {
    return new Unchanged<>(answer);
  }

  static <R> Outcome<R> refused(Rejection rejection, Event... events) {
    return new Refused<>(rejection, Arrays.stream(events).map(Fact::of).toList());
  }
}
