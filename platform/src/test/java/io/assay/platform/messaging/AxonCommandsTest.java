package io.assay.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.contracts.ModelEvent.ModelArchived;
import io.assay.contracts.ModelId;
import io.assay.contracts.RiskTier;
import io.assay.contracts.SystemEvent.SystemRegistered;
import io.assay.contracts.SystemId;
import io.assay.contracts.Tag;
import io.assay.eventlog.Actor;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EntityCache;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.eventlog.Sourced;
import io.assay.eventlog.testing.InMemoryEventLog;
import io.assay.platform.identity.Invocation;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Decisions on what the process has read of the log are those that the log itself would give. */
class AxonCommandsTest {

  private final LaggingLog log = new LaggingLog();
  private final Commands commands = process();
  private final Commands another = process();

  private Commands process() {
    return new AxonCommands(
        log,
        new EntityCache(log, 100),
        new Refusals(log),
        List.of(new OpenRule(), new CloseRule(), new JoinRule()),
        UUID::randomUUID);
  }

  @Test
  void anAcceptanceReadsNothingThatTheProcessHasReadAlready() {
    commands.send(new Open("a"), by(null));
    commands.send(new Join("a", "x"), by(null));
    int before = log.sourced;
    commands.send(new Join("a", "y"), by(null));
    assertThat(log.sourced).isEqualTo(before);
  }

  @Test
  void whatIsRefusedByAnOldStateIsDecidedOnTheLog() {
    assertThatThrownBy(() -> commands.send(new Join("a", "x"), by(null)))
        .isInstanceOf(ProblemException.class);
    log.stand();
    another.send(new Open("a"), by(null));

    assertThat(commands.<String>send(new Join("a", "x"), by(null)).answer()).isEqualTo("x");
  }

  @Test
  void whatIsAcceptedByAnOldStateMeetsItsGuardAndIsDecidedAgain() {
    commands.send(new Open("a"), by(null));
    commands.send(new Join("a", "x"), by(null));
    log.stand();
    another.send(new Close("a"), by(null));

    assertThatThrownBy(() -> commands.send(new Join("a", "y"), by(null)))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.rejection().slug()).isEqualTo("wrong-state"));
    assertThat(log.head()).isEqualTo(3);
  }

  @Test
  void whatIsExpectedAbsentAndIsThereAfterAllRefuses() {
    commands.send(new Open("a"), by(null));
    commands.send(new Join("a", "x"), by(null));

    assertThatThrownBy(() -> commands.send(new Join("a", "x"), by(null)))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> assertThat(e.rejection().slug()).isEqualTo("already-exists"));
  }

  @Test
  void anIdempotencyKeyThatIsUsedRefusesWhateverTheRuleSays() {
    commands.send(new Open("a"), by("once"));
    for (var command : List.of(new Open("b"), new Open("a"), new Join("nowhere", "x"))) {
      assertThatThrownBy(() -> commands.send(command, by("once")))
          .isInstanceOfSatisfying(
              ProblemException.class,
              e -> assertThat(e.rejection().slug()).isEqualTo("idempotency-key-used"));
    }
    assertThat(log.head()).isEqualTo(1);
  }

  private static Invocation by(@Nullable String idempotencyKey) {
    return new Invocation(
        new Actor("ana", Actor.Kind.PERSON),
        null,
        Set.of(),
        "default",
        Instant.parse("2026-01-01T00:00:00Z"),
        "a-request",
        null,
        null,
        null,
        idempotencyKey);
  }

  /** A log of which processes have read only what there was when it stood. */
  private static final class LaggingLog extends InMemoryEventLog {

    private long standing = Long.MAX_VALUE;
    private int sourced;

    void stand() {
      standing = head();
    }

    @Override
    public Sourced source(Query query, long fromPosition) {
      sourced++;
      return super.source(query, fromPosition);
    }

    @Override
    public Sourced recent(Query query, long fromPosition, long atLeast) {
      long known = Math.min(standing, head());
      if (fromPosition == 0 || known < fromPosition) {
        return source(query, fromPosition);
      }
      return new Sourced(
          super.source(query, fromPosition).events().stream()
              .filter(event -> event.position() < known)
              .toList(),
          known);
    }
  }

  record Open(String club) {}

  record Close(String club) {}

  record Join(String club, String member) {}

  enum Club {
    UNKNOWN,
    OPEN,
    CLOSED
  }

  /** What the rules share: the club's events open and close it. */
  private abstract static class ClubRule<C> implements Decider<C, Club, String> {

    private final Class<C> command;

    ClubRule(Class<C> command) {
      this.command = command;
    }

    abstract String club(C command);

    Criterion events(C command) {
      return Criterion.of(new Tag("club", club(command)));
    }

    @Override
    public Class<C> command() {
      return command;
    }

    @Override
    public Query boundary(C command, Invocation invocation) {
      return Query.of(invocation.workspace(), events(command));
    }

    @Override
    public Club initial() {
      return Club.UNKNOWN;
    }

    @Override
    public Club evolve(Club state, RecordedEvent event) {
      return event.event() instanceof ModelArchived ? Club.CLOSED : Club.OPEN;
    }
  }

  private static final class OpenRule extends ClubRule<Open> {

    OpenRule() {
      super(Open.class);
    }

    @Override
    String club(Open command) {
      return command.club();
    }

    @Override
    public Outcome<String> decide(Open command, Club state, Invocation invocation) {
      return state == Club.UNKNOWN
          ? Outcome.accepted(command.club(), happened(new Tag("club", command.club())))
          : Outcome.refused(Rejection.exists("It is open."));
    }
  }

  private static final class CloseRule extends ClubRule<Close> {

    CloseRule() {
      super(Close.class);
    }

    @Override
    String club(Close command) {
      return command.club();
    }

    @Override
    public Outcome<String> decide(Close command, Club state, Invocation invocation) {
      return Outcome.accepted(
          command.club(),
          Fact.of(
              new ModelArchived(new ModelId(UUID.randomUUID()), null),
              new Tag("club", command.club())));
    }
  }

  /** Members are unique, and no conflict for each other. */
  private static final class JoinRule implements Decider<Join, JoinRule.State, String> {

    record State(Club club, boolean member) {}

    @Override
    public Class<Join> command() {
      return Join.class;
    }

    @Override
    public Query boundary(Join command, Invocation invocation) {
      return Query.of(
          invocation.workspace(),
          Criterion.of(new Tag("club", command.club())),
          membership(command));
    }

    @Override
    public List<Criterion> expectedAbsent(Join command) {
      return List.of(membership(command));
    }

    @Override
    public State initial() {
      return new State(Club.UNKNOWN, false);
    }

    @Override
    public State evolve(State state, RecordedEvent event) {
      if (event.tags().stream().anyMatch(tag -> tag.key().equals("member"))) {
        return new State(state.club(), true);
      }
      return new State(
          event.event() instanceof ModelArchived ? Club.CLOSED : Club.OPEN, state.member());
    }

    @Override
    public Outcome<String> decide(Join command, State state, Invocation invocation) {
      if (state.club() != Club.OPEN) {
        return Outcome.refused(Rejection.state("It is not open."));
      }
      return state.member()
          ? Outcome.refused(Rejection.exists("A member already."))
          : Outcome.accepted(command.member(), happened(member(command)));
    }

    private static Criterion membership(Join command) {
      return Criterion.of(member(command));
    }

    private static Tag member(Join command) {
      return new Tag("member", command.club() + "/" + command.member());
    }
  }

  private static Fact happened(Tag tag) {
    return Fact.of(
        new SystemRegistered(
            new SystemId(UUID.randomUUID()), RiskTier.LIMITED, null, "a name", null, null),
        tag);
  }
}
