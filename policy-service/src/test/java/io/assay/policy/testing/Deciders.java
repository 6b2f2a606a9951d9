package io.assay.policy.testing;

import io.assay.eventlog.Append;
import io.assay.eventlog.AppendConflictException;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.Guard;
import io.assay.eventlog.NewEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Commands;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Fact;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.messaging.Receipt;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Commands decided by plain deciders over any log, without bus and cache. */
public final class Deciders implements Commands {

  private static final int ATTEMPTS = 3;

  private final EventLog log;
  private final Map<Class<?>, Decider<?, ?, ?>> deciders = new HashMap<>();

  private Deciders(EventLog log) {
    this.log = log;
  }

  /** Every rule that the life of a promotion meets in this service. */
  public static Deciders of(EventLog log) {
    var all = new Deciders(log);
    for (var slice :
        List.of("DecidePromotion", "GiveApproval", "RejectApproval", "StaleApproval")) {
      all.with(decider(slice));
    }
    return all;
  }

  /** The same with this rule in place of the one for its command. */
  public Deciders with(Decider<?, ?, ?> decider) {
    deciders.put(decider.command(), decider);
    return this;
  }

  /** The rule of a slice, which is private to it. */
  public static Decider<?, ?, ?> decider(String slice) {
    var name = "io.assay.policy." + slice.toLowerCase(Locale.ROOT) + "." + slice;
    try {
      var constructor = Class.forName(name + "Decider").getDeclaredConstructor();
      constructor.setAccessible(true);
      return (Decider<?, ?, ?>) constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("No rule " + name, e);
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public <R> Receipt<R> send(Object command, Invocation invocation, @Nullable Guard seen) {
    var decider = (Decider<Object, Object, R>) deciders.get(command.getClass());
    if (decider == null) {
      throw new AssertionError("No rule for " + command);
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return decide(decider, command, invocation);
      } catch (CompletionException e) {
        if (!(e.getCause() instanceof AppendConflictException)) {
          throw e;
        }
        if (attempt == ATTEMPTS) {
          throw new ProblemException(Rejection.lostRace());
        }
      }
    }
  }

  private <R> Receipt<R> decide(
      Decider<Object, Object, R> decider, Object command, Invocation invocation) {
    var boundary = decider.boundary(command, invocation);
    var sourced = log.source(boundary, 0);
    var state = decider.initial();
    for (var event : sourced.events()) {
      state = decider.evolve(state, event);
    }
    switch (decider.decide(command, state, invocation)) {
      case Outcome.Accepted<R>(var facts, var answer) -> {
        var guards = new ArrayList<>(decider.guards(command));
        guards.add(new Guard(boundary, sourced.marker()));
        return new Receipt<>(answer, append(facts, guards, invocation));
      }
      case Outcome.Unchanged<R>(var answer) -> {
        return new Receipt<>(answer, OptionalLong.empty());
      }
      case Outcome.Refused<R>(var rejection, var facts) -> {
        append(facts, List.of(), invocation);
        throw new ProblemException(rejection);
      }
    }
  }

  private OptionalLong append(List<Fact> facts, List<Guard> guards, Invocation invocation) {
    if (facts.isEmpty()) {
      return OptionalLong.empty();
    }
    var events =
        facts.stream()
            .map(
                fact ->
                    new NewEvent(
                        UUID.randomUUID(), fact.event(), fact.extraTags(), metadata(invocation)))
            .toList();
    return OptionalLong.of(log.append(new Append(events, guards)).join().lastPosition());
  }

  private static EventMetadata metadata(Invocation invocation) {
    return new EventMetadata(
        invocation.workspace(),
        invocation.actor(),
        invocation.onBehalfOf(),
        invocation.client(),
        null,
        invocation.correlation(),
        invocation.causation(),
        null,
        null);
  }
}
