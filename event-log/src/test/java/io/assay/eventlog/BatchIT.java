package io.assay.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.Event;
import io.assay.contracts.Tag;
import io.assay.contracts.Writer;
import io.assay.eventlog.testing.PostgresServer;
import io.assay.eventlog.testing.TestEvents;
import io.assay.eventlog.testing.TestEvents.Counted;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the database says of the guards of a batch, whatever the appender has seen to before. */
class BatchIT {

  private static final String REGISTRY = Writer.REGISTRY.service();

  private static PostgresServer.Database database;

  private final String thing = UUID.randomUUID().toString();
  private final String other = UUID.randomUUID().toString();

  @BeforeAll
  static void open() {
    database = TestEvents.database();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void anEarlierAppendOfTheBatchBreaksAGuard() throws SQLException {
    assertThat(
            conflicts(
                pending(new Counted(thing, 1)),
                pending(new Counted(other, 1), guard(thing, "Counted"))))
        .containsExactly(2);
    assertThat(
            conflicts(
                pending(new Counted(thing, 1)),
                pending(new Counted(thing, 2), guard(thing, "Counted"))))
        .containsExactly(2);
    assertThat(
            conflicts(pending(new Counted(thing, 1)), pending(new Counted(other, 1), guard(thing))))
        .containsExactly(2);
    assertThat(
            conflicts(
                pending(new Counted(thing, 1)),
                pending(new Counted(other, 1), whatever("Counted"))))
        .containsExactly(2);
  }

  @Test
  void ofThoseThatAreBrokenWithinTheBatchTheFirstIsNamed() throws SQLException {
    assertThat(
            conflicts(
                pending(new Counted(thing, 1)),
                pending(new Counted(other, 1)),
                pending(new Counted(thing, 2), guard(thing, "Counted")),
                pending(new Counted(other, 2), guard(other, "Counted"))))
        .containsExactly(3);
  }

  @Test
  void whatAGuardDoesNotExcludeIsAppended() throws SQLException {
    assertThat(
            conflicts(
                pending(new Counted(thing, 1)),
                pending(new Counted(thing, 2), guard(thing, "Noted")),
                pending(new Counted(thing, 3), guard(other, "Counted")),
                pending(new Counted(other, 1), guard(other, "Counted")),
                pending(new Counted(other, 2), whatever("Noted"))))
        .isEmpty();
  }

  @Test
  void anEventOfAnotherWorkspaceIsNone() throws SQLException {
    assertThat(
            conflicts(
                pending(new Counted(thing, 1)),
                pending(new Counted(other, 1), guardIn("elsewhere", thing))))
        .isEmpty();
  }

  @Test
  void allTagsOfAGuardCount() throws SQLException {
    var both = new Criterion(tags(thing, other), Set.of());
    assertThat(
            conflicts(pending(new Counted(thing, 1)), pending(new Counted(other, 1), guard(both))))
        .isEmpty();
    assertThat(
            conflicts(
                pending(new Counted(thing, 2), new Tag("thing", other)),
                pending(new Counted(other, 2), guard(both))))
        .containsExactly(2);
  }

  @Test
  void whatTheLogHoldsFromTheMarkerOnBreaksAGuardAndWhatItHeldBeforeDoesNot() throws SQLException {
    long before = head();
    assertThat(conflicts(pending(new Counted(thing, 1)))).isEmpty();
    long after = head();

    for (var event : List.of(new Counted(thing, 2), new Counted(other, 1))) {
      assertThat(conflicts(pending(event, guard(before, thing, "Counted")))).containsExactly(1);
      assertThat(conflicts(pending(event, guard(before, thing)))).containsExactly(1);
      assertThat(conflicts(pending(event, guard(after + 10, thing)))).containsExactly(1);
      assertThat(conflicts(pending(event, guard(before, thing, "Noted")))).isEmpty();
    }
    var later = head();
    assertThat(conflicts(pending(new Counted(other, 2), guard(after, thing)))).containsExactly(1);
    assertThat(conflicts(pending(new Counted(thing, 3), guard(later, thing)))).isEmpty();
    assertThat(conflicts(pending(new Counted(other, 2), guard(head(), thing)))).isEmpty();
  }

  /**
   * The appends that the database refuses, by their place from 1; of the others nothing is kept.
   */
  private static List<Integer> conflicts(Pending... appends) throws SQLException {
    try (var connection = database.as(Writer.REGISTRY.role()).getConnection();
        var call = connection.prepareStatement(Batch.CALL)) {
      var time = Instant.now().truncatedTo(ChronoUnit.MICROS);
      var previous = new HashMap<Batch.Key, Long>();
      for (long head = head(); ; ) {
        var batch = new Batch(List.of(appends), head);
        switch (batch.call(call, identity(), REGISTRY, time, previous)) {
          case Batch.Answer.Inserted inserted -> {
            return List.of();
          }
          case Batch.Answer.Conflict conflict -> {
            return conflict.appends();
          }
          case Batch.Answer.Moved moved -> {
            head = moved.head();
            batch
                .learned(moved)
                .forEach(
                    (key, position) -> {
                      if (position != null) {
                        previous.put(key, position);
                      }
                    });
          }
        }
      }
    }
  }

  private static Pending pending(Event event, Tag extra) {
    return pending(new Append(List.of(TestEvents.event(event, extra)), List.of()));
  }

  private static Pending pending(Event event, Guard... guards) {
    return pending(TestEvents.append(event, guards));
  }

  private static Pending pending(Append append) {
    return Pending.of(append, TestEvents.CODEC, RandomGenerator.getDefault(), identity(), REGISTRY);
  }

  private static Guard guard(String thing, String... types) {
    return guard(head(), thing, types);
  }

  private static Guard guard(long marker, String thing, String... types) {
    return new Guard(Query.of("default", Criterion.of(new Tag("thing", thing), types)), marker);
  }

  private static Guard guard(Criterion criterion) {
    return new Guard(Query.of("default", criterion), head());
  }

  private static Guard guardIn(String workspace, String thing) {
    return new Guard(Query.of(workspace, Criterion.of(new Tag("thing", thing))), head());
  }

  /** Of any thing. */
  private static Guard whatever(String type) {
    return guard(new Criterion(Set.of(), Set.of(type)));
  }

  private static Set<Tag> tags(String... things) {
    return Stream.of(things).map(thing -> new Tag("thing", thing)).collect(Collectors.toSet());
  }

  private static long head() {
    return Long.parseLong(database.single("select count(*) from log.event"));
  }

  private static LogIdentity identity() {
    return new LogIdentity(
        UUID.fromString(database.single("select log from log.head")),
        Integer.parseInt(database.single("select epoch from log.head")));
  }
}
