package io.assay.platform.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.Event;
import io.assay.contracts.EventType;
import io.assay.contracts.Sha256;
import io.assay.contracts.Tag;
import io.assay.eventlog.Actor;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.Guard;
import io.assay.eventlog.NewEvent;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Fact;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tests one rule without a log: {@code given(events).when(command).then(events)}.
 *
 * <p>The rule sees only what its boundary matches, as it does in the service; so a boundary that is
 * too narrow fails the test of the rule, and {@link When#conflictsWith} and {@link
 * When#standsBeside} fail one that is too narrow or too wide.
 */
public final class DeciderFixture<C, S, R> {

  /** The clock of the fixture unless it is told another time. */
  public static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private final Decider<C, S, R> decider;
  private final List<RecordedEvent> log = new ArrayList<>();
  private Invocation invocation =
      new Invocation(
          new Actor("somebody", Actor.Kind.PERSON),
          null,
          Set.of(),
          EventMetadata.DEFAULT_WORKSPACE,
          NOW,
          "a-request",
          null,
          null,
          null,
          null);

  private DeciderFixture(Decider<C, S, R> decider) {
    this.decider = decider;
  }

  public static <C, S, R> DeciderFixture<C, S, R> of(Decider<C, S, R> decider) {
    return new DeciderFixture<>(decider);
  }

  /** These events are in the log, appended by the actor who is current now. */
  public DeciderFixture<C, S, R> given(Event... events) {
    return given(Arrays.stream(events).map(Fact::of).toArray(Fact[]::new));
  }

  /** These events with their extra tags are in the log. */
  public DeciderFixture<C, S, R> given(Fact... facts) {
    for (var fact : facts) {
      log.add(recorded(fact, invocation, log.size()));
    }
    return this;
  }

  /** From here on this person acts, with these roles. */
  public DeciderFixture<C, S, R> by(String actor, String... roles) {
    return by(new Actor(actor, Actor.Kind.PERSON), roles);
  }

  /** From here on this actor acts, with these roles. */
  public DeciderFixture<C, S, R> by(Actor actor, String... roles) {
    invocation =
        new Invocation(
            actor,
            null,
            Set.of(roles),
            invocation.workspace(),
            invocation.now(),
            invocation.correlation(),
            null,
            null,
            null,
            null);
    return this;
  }

  /** From here on it is this time. */
  public DeciderFixture<C, S, R> at(Instant now) {
    invocation =
        new Invocation(
            invocation.actor(),
            null,
            invocation.roles(),
            invocation.workspace(),
            now,
            invocation.correlation(),
            null,
            null,
            null,
            null);
    return this;
  }

  /** From here on everything happens in this workspace. */
  public DeciderFixture<C, S, R> in(String workspace) {
    invocation =
        new Invocation(
            invocation.actor(),
            null,
            invocation.roles(),
            workspace,
            invocation.now(),
            invocation.correlation(),
            null,
            null,
            null,
            null);
    return this;
  }

  /** The count of events in the log: the marker that a command would source now. */
  public long marker() {
    return log.size();
  }

  /** The rule decides. */
  public When<R> when(C command) {
    var boundary = decider.boundary(command, invocation);
    assertThat(boundary.criteria()).containsAll(decider.expectedAbsent(command));
    var state = decider.initial();
    for (var event : log) {
      if (matches(boundary, event)) {
        state = decider.evolve(state, event);
      }
    }
    return new When<>(
        decider.decide(command, state, invocation),
        boundary,
        decider.guards(command),
        invocation,
        log.size());
  }

  /** What the rule said. */
  public static final class When<R> {

    private final Outcome<R> outcome;
    private final Query boundary;
    private final List<Guard> guards;
    private final Invocation invocation;
    private final long head;

    private When(
        Outcome<R> outcome, Query boundary, List<Guard> guards, Invocation invocation, long head) {
      this.outcome = outcome;
      this.boundary = boundary;
      this.guards = guards;
      this.invocation = invocation;
      this.head = head;
    }

    /** It is accepted, and exactly these events are appended. */
    public When<R> then(Event... events) {
      assertThat(facts().stream().map(Fact::event)).containsExactly(events);
      return this;
    }

    /** It is accepted, and exactly these events with these extra tags are appended. */
    public When<R> then(Fact... facts) {
      assertThat(facts()).containsExactly(facts);
      return this;
    }

    /** It has happened already: nothing is appended. */
    public When<R> thenNothing() {
      assertThat(outcome).isInstanceOf(Outcome.Unchanged.class);
      return this;
    }

    /** The answer to a command that is not refused. */
    public R answer() {
      return switch (outcome) {
        case Outcome.Accepted<R> accepted -> accepted.answer();
        case Outcome.Unchanged<R> unchanged -> unchanged.answer();
        case Outcome.Refused<R> refused -> throw new AssertionError("Refused: " + refused);
      };
    }

    /** It is refused for this reason, concerning these fields; no event remembers it. */
    public Rejection thenRejected(String slug, String... pointers) {
      return thenRejectedRemembering(slug, List.of(), pointers);
    }

    /** It is refused for this reason, and exactly these events remember it. */
    public Rejection thenRejectedRemembering(
        String slug, List<? extends Event> events, String... pointers) {
      if (!(outcome instanceof Outcome.Refused<R>(Rejection rejection, List<Fact> facts))) {
        throw new AssertionError("Expected the rejection " + slug + " but it is " + outcome);
      }
      assertThat(rejection.slug()).isEqualTo(slug);
      assertThat(rejection.errors().stream().map(Rejection.FieldError::pointer))
          .containsExactlyInAnyOrder(pointers);
      assertThat(facts.stream().map(Fact::event).toList()).isEqualTo(events);
      return rejection;
    }

    /** The rule as decided would lose against this event, if it came first. */
    public When<R> conflictsWith(Event event, Tag... extraTags) {
      assertThat(caught(event, extraTags)).as("%s conflicts", event).isTrue();
      return this;
    }

    /** The rule as decided does not mind this event. */
    public When<R> standsBeside(Event event, Tag... extraTags) {
      assertThat(caught(event, extraTags)).as("%s conflicts", event).isFalse();
      return this;
    }

    private boolean caught(Event event, Tag... extraTags) {
      var recorded = recorded(Fact.of(event, extraTags), invocation, head);
      return matches(boundary, recorded)
          || guards.stream()
              .anyMatch(guard -> guard.marker() <= head && matches(guard.query(), recorded));
    }

    private List<Fact> facts() {
      if (outcome instanceof Outcome.Accepted<R>(List<Fact> facts, R ignored)) {
        return facts;
      }
      throw new AssertionError("Expected events but it is " + outcome);
    }
  }

  private static boolean matches(Query query, RecordedEvent event) {
    return query.workspace().equals(event.metadata().workspace())
        && query.criteria().stream()
            .anyMatch(
                criterion ->
                    event.tags().containsAll(criterion.tags())
                        && (criterion.types().isEmpty()
                            || criterion.types().contains(event.type())));
  }

  private static RecordedEvent recorded(Fact fact, Invocation invocation, long position) {
    var id = new UUID(0, position);
    var metadata =
        EventMetadata.of(invocation.workspace(), invocation.actor(), invocation.correlation());
    var declared = type(fact.event());
    return new RecordedEvent(
        position,
        id,
        declared.name(),
        declared.version(),
        fact.event(),
        metadata,
        invocation.now(),
        declared.writer()[0].service(),
        new HashSet<>(new NewEvent(id, fact.event(), fact.extraTags(), metadata).tags()),
        Sha256.of(id.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static EventType type(Event event) {
    @Nullable EventType declared = event.getClass().getAnnotation(EventType.class);
    return Objects.requireNonNull(declared, () -> event.getClass() + " has no @EventType");
  }
}
