package io.assay.platform.messaging;

import io.assay.contracts.GovernanceEvent.AccessRefused;
import io.assay.contracts.Tag;
import io.assay.eventlog.Append;
import io.assay.eventlog.AppendConflictException;
import io.assay.eventlog.AppendRefusedException;
import io.assay.eventlog.Appended;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EntityCache;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.Guard;
import io.assay.eventlog.NewEvent;
import io.assay.eventlog.Query;
import io.assay.platform.identity.Invocation;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.axonframework.messaging.commandhandling.CommandMessage;
import org.axonframework.messaging.commandhandling.CommandResultMessage;
import org.axonframework.messaging.commandhandling.GenericCommandMessage;
import org.axonframework.messaging.commandhandling.GenericCommandResultMessage;
import org.axonframework.messaging.commandhandling.SimpleCommandBus;
import org.axonframework.messaging.core.EmptyApplicationContext;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.core.unitofwork.SimpleUnitOfWorkFactory;
import org.jspecify.annotations.Nullable;

/**
 * Commands over Axon's command bus. Its units of work have no transaction: commands write only
 * events, and the log's appender commits them on a connection of its own.
 */
final class AxonCommands implements Commands {

  /** How often a command is decided when others keep winning: enough for a burst, not for ever. */
  private static final int ATTEMPTS = 8;

  /**
   * A command on its way.
   *
   * @param fresh whether it must be decided on what the log holds now
   */
  private record Dispatch(
      Object command, Invocation invocation, @Nullable Guard seen, boolean fresh) {}

  private record CodeVersion(Class<?> decider, int stateVersion) {}

  private final EventLog log;
  private final EntityCache entities;
  private final Refusals refusals;
  private final Supplier<UUID> eventIds;
  private final SimpleCommandBus bus;

  AxonCommands(
      EventLog log,
      EntityCache entities,
      Refusals refusals,
      List<? extends Decider<?, ?, ?>> deciders,
      Supplier<UUID> eventIds) {
    this.log = log;
    this.entities = entities;
    this.refusals = refusals;
    this.eventIds = eventIds;
    this.bus =
        new SimpleCommandBus(
            new SimpleUnitOfWorkFactory(EmptyApplicationContext.INSTANCE), List.of());
    deciders.forEach(this::subscribe);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <R> Receipt<R> send(Object command, Invocation invocation, @Nullable Guard seen) {
    for (int attempt = 1; ; attempt++) {
      try {
        refuseUnseen(seen);
        var result =
            bus.dispatch(
                    new GenericCommandMessage(
                        new MessageType(command.getClass()),
                        new Dispatch(command, invocation, seen, attempt > 1)),
                    null)
                .join();
        return (Receipt<R>) result.payload();
      } catch (CompletionException e) {
        var cause = unwrap(e);
        if (cause instanceof AppendConflictException) {
          refuseUsedIdempotencyKey(invocation);
          if (attempt == ATTEMPTS) {
            throw new ProblemException(Rejection.lostRace());
          }
        } else if (cause instanceof AppendRefusedException refused) {
          throw new ProblemException(
              Rejection.of(
                  "not-recordable", 422, "Not recordable", String.valueOf(refused.getMessage())));
        } else if (cause instanceof RuntimeException unchecked) {
          throw unchecked;
        } else {
          throw e;
        }
      }
    }
  }

  private void subscribe(Decider<?, ?, ?> decider) {
    bus.subscribe(
        new MessageType(decider.command()).qualifiedName(),
        (message, context) -> MessageStream.fromFuture(handled(decider, message)));
  }

  /** The bus would let an Error pass, and the caller wait for ever. */
  private CompletableFuture<CommandResultMessage> handled(
      Decider<?, ?, ?> decider, CommandMessage message) {
    try {
      return handle(decider, message);
    } catch (LinkageError | StackOverflowError | AssertionError e) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("The command " + message.type() + " met " + e, e));
    }
  }

  /**
   * Decides first on what the process has read of the log: the guards of the append find out
   * whether that was all. Only an acceptance stands on it; anything else is decided on the log.
   */
  @SuppressWarnings("unchecked")
  private <C, S, R> CompletableFuture<CommandResultMessage> handle(
      Decider<C, S, R> decider, CommandMessage message) {
    var dispatch = (Dispatch) java.util.Objects.requireNonNull(message.payload());
    var command = (C) dispatch.command();
    var invocation = dispatch.invocation();
    var boundary = decider.boundary(command, invocation);
    var version = new CodeVersion(decider.getClass(), decider.stateVersion());
    if (!dispatch.fresh()) {
      var absent = decider.expectedAbsent(command);
      var expected =
          new Query(
              boundary.workspace(),
              boundary.criteria().stream().filter(c -> !absent.contains(c)).toList());
      var recent = entities.recent(expected, version, decider.initial(), decider::evolve);
      if (decider.decide(command, recent.state(), invocation)
          instanceof Outcome.Accepted<R> accepted) {
        var guards = guards(decider, dispatch, new Guard(expected, recent.marker()));
        if (!absent.isEmpty()) {
          guards.add(new Guard(new Query(boundary.workspace(), absent), 0));
        }
        return accepted(accepted, guards, invocation);
      }
      refuseUsedIdempotencyKey(invocation);
    }
    var current = entities.current(boundary, version, decider.initial(), decider::evolve);
    var outcome = decider.decide(command, current.state(), invocation);
    if (!(outcome instanceof Outcome.Accepted<R>)) {
      refuseUnseen(dispatch.seen()); // nothing is appended that its guard would stop
    }
    return switch (outcome) {
      case Outcome.Accepted<R> accepted ->
          accepted(
              accepted,
              guards(decider, dispatch, new Guard(boundary, current.marker())),
              invocation);
      case Outcome.Unchanged<R>(var answer) ->
          CompletableFuture.completedFuture(result(new Receipt<>(answer, OptionalLong.empty())));
      case Outcome.Refused<R>(var rejection, var facts) ->
          remember(facts, withoutIdempotency(invocation))
              .thenApply(
                  remembered -> {
                    throw new ProblemException(rejection);
                  });
    };
  }

  private <R> CompletableFuture<CommandResultMessage> accepted(
      Outcome.Accepted<R> accepted, List<Guard> guards, Invocation invocation) {
    return append(accepted.facts(), guards, invocation)
        .thenApply(
            appended ->
                result(
                    appended
                        .map(written -> Receipt.of(accepted.answer(), written))
                        .orElseGet(() -> new Receipt<>(accepted.answer(), OptionalLong.empty()))));
  }

  /** What the log keeps of a refusal: that it was refused, once a minute, and what came of it. */
  private CompletableFuture<Void> remember(List<Fact> facts, Invocation invocation) {
    var refused = new ArrayList<CompletableFuture<?>>();
    var others = new ArrayList<Fact>();
    for (var fact : facts) {
      if (fact.event() instanceof AccessRefused refusal) {
        refused.add(refusals.record(refusal, invocation));
      } else {
        others.add(fact);
      }
    }
    refused.add(append(others, List.of(), invocation));
    return CompletableFuture.allOf(refused.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Optional<Appended>> append(
      List<Fact> facts, List<Guard> guards, Invocation invocation) {
    if (facts.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    var events = new ArrayList<NewEvent>();
    for (var fact : facts) {
      var tags = new HashSet<>(fact.extraTags());
      if (events.isEmpty() && invocation.idempotencyTag() != null) {
        tags.add(idempotency(invocation.idempotencyTag()));
      }
      events.add(new NewEvent(eventIds.get(), fact.event(), tags, metadata(fact, invocation)));
    }
    return log.append(new Append(events, guards)).thenApply(Optional::of);
  }

  @SuppressWarnings("unchecked")
  private static <C> List<Guard> guards(
      Decider<C, ?, ?> decider, Dispatch dispatch, Guard boundary) {
    var invocation = dispatch.invocation();
    var guards = new ArrayList<Guard>();
    if (!boundary.query().criteria().isEmpty()) {
      guards.add(boundary);
    }
    guards.addAll(decider.guards((C) dispatch.command()));
    if (dispatch.seen() != null) {
      guards.add(dispatch.seen());
    }
    if (invocation.idempotencyTag() != null) {
      guards.add(new Guard(used(invocation, invocation.idempotencyTag()), 0));
    }
    return guards;
  }

  private void refuseUnseen(@Nullable Guard seen) {
    if (seen != null && !log.source(seen.query(), seen.marker()).events().isEmpty()) {
      throw new ProblemException(
          Rejection.preconditionFailed(
              "The resource has changed since. Read it again, and send its ETag."));
    }
  }

  private void refuseUsedIdempotencyKey(Invocation invocation) {
    if (invocation.idempotencyTag() != null) {
      var earlier = log.source(used(invocation, invocation.idempotencyTag()), 0).events();
      if (!earlier.isEmpty()) {
        throw new ProblemException(
            Rejection.of(
                    "idempotency-key-used",
                    409,
                    "Idempotency key used",
                    "A request with this Idempotency-Key has been carried out, and its answer is no"
                        + " longer kept. Read the resource; send a new key for a new request.")
                .with("position", earlier.getFirst().position()));
      }
    }
  }

  private static EventMetadata metadata(Fact fact, Invocation invocation) {
    var decision = fact.decision();
    return new EventMetadata(
        invocation.workspace(),
        invocation.actor(),
        invocation.onBehalfOf(),
        invocation.client(),
        fact.occurredAt(),
        invocation.correlation(),
        invocation.causation(),
        decision == null ? null : decision.value(),
        null);
  }

  private static Invocation withoutIdempotency(Invocation invocation) {
    return new Invocation(
        invocation.actor(),
        invocation.onBehalfOf(),
        invocation.roles(),
        invocation.workspace(),
        invocation.now(),
        invocation.correlation(),
        invocation.causation(),
        invocation.traceparent(),
        invocation.client(),
        null);
  }

  private static Query used(Invocation invocation, String tag) {
    return new Query(
        invocation.workspace(), List.of(new Criterion(Set.of(idempotency(tag)), Set.of())));
  }

  private static Tag idempotency(String value) {
    return new Tag("idem", value);
  }

  private static CommandResultMessage result(Receipt<?> receipt) {
    return new GenericCommandResultMessage(new MessageType(Receipt.class), receipt);
  }

  private static Throwable unwrap(Throwable thrown) {
    var cause = thrown;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
