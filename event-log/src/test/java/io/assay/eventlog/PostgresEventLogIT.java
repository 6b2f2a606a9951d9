package io.assay.eventlog;

import static io.assay.eventlog.testing.TestEvents.append;
import static io.assay.eventlog.testing.TestEvents.event;
import static io.assay.eventlog.testing.TestEvents.noted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.contracts.CanonicalJson;
import io.assay.contracts.Tag;
import io.assay.contracts.Writer;
import io.assay.eventlog.testing.PostgresServer;
import io.assay.eventlog.testing.TestEvents;
import io.assay.eventlog.testing.TestEvents.Counted;
import io.assay.eventlog.testing.TestEvents.ErasureOrdered;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresEventLogIT {

  private static PostgresServer.Database database;
  private static PostgresEventLog log;
  private static PostgresEventLog policy;

  @BeforeAll
  static void open() {
    database = TestEvents.database();
    log = TestEvents.log(database, Writer.REGISTRY);
    policy = TestEvents.log(database, Writer.POLICY);
  }

  @AfterAll
  static void close() {
    log.close();
    policy.close();
    database.close();
  }

  private static String thing() {
    return UUID.randomUUID().toString();
  }

  private static Query boundary(String thing, String... types) {
    return Query.of("default", Criterion.of(new Tag("thing", thing), types));
  }

  @Test
  void whatIsAppendedIsReadBackWhole() throws IOException {
    var thing = thing();
    var written =
        new NewEvent(
            UUID.randomUUID(),
            new TestEvents.Noted(
                thing, Long.MAX_VALUE, "naïve \u20ac \ud83d\ude00 \"quoted\" \u0001"),
            Set.of(new Tag("extra", "one")),
            new EventMetadata(
                "default",
                new Actor("p-1", Actor.Kind.PERSON),
                "p-2",
                "cli",
                Instant.parse("2026-01-02T03:04:05.678901Z"),
                "correlation",
                "causation",
                UUID.randomUUID(),
                "ab".repeat(32)));

    var appended = log.append(new Append(List.of(written), List.of())).join();

    var read = log.event(written.id()).orElseThrow();
    assertThat(read.position()).isEqualTo(appended.lastPosition());
    assertThat(read.event()).isEqualTo(written.event());
    assertThat(read.metadata()).isEqualTo(written.metadata());
    assertThat(read.tags()).containsExactlyInAnyOrderElementsOf(written.tags());
    assertThat(read.writer()).isEqualTo("registry");
    assertThat(log.event(read.position())).contains(read);
    assertThat(log.read(read.position(), 1)).containsExactly(read);
    var envelope = log.envelopes(read.position(), 1).getFirst();
    assertThat(Envelope.leaf(envelope)).isEqualTo(read.leaf());
    assertThat(CanonicalJson.bytes(new ObjectMapper().readTree(envelope))).isEqualTo(envelope);
  }

  @Test
  void everyEntityIsAChainOfPositions() {
    var thing = thing();
    var first = log.append(append(noted(thing))).join();
    var both =
        log.append(
                new Append(List.of(event(noted(thing)), event(new Counted(thing, 2))), List.of()))
            .join();
    var other = policy.append(append(new Counted(thing, 3))).join();

    assertThat(previous(first.firstPosition())).isNull();
    assertThat(previous(both.firstPosition())).isEqualTo(first.lastPosition());
    assertThat(previous(both.lastPosition())).isEqualTo(both.firstPosition());
    assertThat(previous(other.lastPosition())).isEqualTo(both.lastPosition());
    assertThat(previous(log.append(append(noted(thing))).join().lastPosition()))
        .isEqualTo(other.lastPosition());
  }

  private static @Nullable Long previous(long position) {
    return TestEvents.previous(log.envelopes(position, 1).getFirst());
  }

  @Test
  void sourcingAnswersTheMatchingEventsAndTheHead() {
    var thing = thing();
    var one = log.append(append(noted(thing))).join();
    log.append(append(noted(thing()))).join();
    var two = log.append(append(new Counted(thing, 1))).join();

    var sourced = log.source(boundary(thing), 0);

    assertThat(sourced.events())
        .extracting(RecordedEvent::position)
        .containsExactly(one.lastPosition(), two.lastPosition());
    assertThat(sourced.marker()).isGreaterThanOrEqualTo(two.marker());
    assertThat(log.source(boundary(thing, "Counted"), 0).events()).hasSize(1);
    assertThat(log.source(boundary(thing), two.lastPosition()).events()).hasSize(1);
    assertThat(log.source(boundary(thing), two.marker()).events()).isEmpty();
    assertThat(log.source(Query.of("elsewhere", boundary(thing).criteria().getFirst()), 0).events())
        .isEmpty();
    assertThat(log.source(Query.of("default"), 0).events()).isEmpty();
  }

  @Test
  void everyTagOfACriterionMustMatchAndAnyCriterionMay() {
    var thing = thing();
    log.append(append(noted(thing))).join();
    log.append(
            new Append(
                List.of(event(new Counted(thing, 1), new Tag("colour", thing + "-red"))),
                List.of()))
        .join();
    var both = Set.of(new Tag("thing", thing), new Tag("colour", thing + "-red"));

    assertThat(log.source(Query.of("default", new Criterion(both, Set.of())), 0).events())
        .hasSize(1);
    assertThat(
            log.source(
                    Query.of(
                        "default",
                        new Criterion(both, Set.of()),
                        Criterion.of(new Tag("thing", thing), "Noted")),
                    0)
                .events())
        .hasSize(2);
  }

  @Test
  void anEventExactlyAtTheMarkerConflicts() {
    var thing = thing();
    var marker = log.source(boundary(thing), 0).marker();
    var guard = new Guard(boundary(thing), marker);
    var atMarker = log.append(append(noted(thing), guard)).join();
    assertThat(atMarker.firstPosition()).isEqualTo(marker);

    assertThatThrownBy(() -> log.append(append(noted(thing), guard)).join())
        .hasCauseInstanceOf(AppendConflictException.class);
    assertThat(
            log.append(append(noted(thing), new Guard(boundary(thing), atMarker.marker()))).join())
        .isNotNull();
  }

  @Test
  void aConflictNeedsEveryTagAndOneOfTheTypes() {
    var thing = thing();
    log.append(append(noted(thing))).join();

    assertThat(log.append(append(noted(thing), new Guard(boundary(thing, "Counted"), 0))).join())
        .isNotNull();
    var narrower =
        Query.of(
            "default",
            new Criterion(
                Set.of(new Tag("thing", thing), new Tag("colour", thing)), Set.of("Noted")));
    assertThat(log.append(append(noted(thing), new Guard(narrower, 0))).join()).isNotNull();
    assertThatThrownBy(
            () -> log.append(append(noted(thing), new Guard(boundary(thing, "Noted"), 0))).join())
        .hasCauseInstanceOf(AppendConflictException.class);
  }

  @Test
  void aGuardWithoutTagsWatchesTheWholeWorkspace() {
    var marker = log.head();
    var all = Query.of("default", new Criterion(Set.of(), Set.of("Noted")));
    assertThat(log.append(append(noted(thing()), new Guard(all, marker))).join()).isNotNull();
    assertThatThrownBy(() -> log.append(append(noted(thing()), new Guard(all, marker))).join())
        .hasCauseInstanceOf(AppendConflictException.class);
    var elsewhere = new Guard(new Query("elsewhere", all.criteria()), 0);
    assertThat(log.append(append(noted(thing()), elsewhere)).join()).isNotNull();
  }

  @Test
  void aMarkerBeyondTheHeadConflicts() {
    assertThatThrownBy(
            () ->
                log.append(append(noted(thing()), new Guard(boundary("x"), Long.MAX_VALUE))).join())
        .hasCauseInstanceOf(AppendConflictException.class);
  }

  @Test
  void ofTwoConflictingAppendsAtOnceExactlyOneWins() {
    for (int round = 0; round < 20; round++) {
      var thing = thing();
      var guard = new Guard(boundary(thing), 0);
      var attempts = new ArrayList<CompletableFuture<Appended>>();
      for (int i = 0; i < 8; i++) {
        attempts.add((i % 2 == 0 ? log : policy).append(append(new Counted(thing, i), guard)));
      }
      int won = 0;
      for (var attempt : attempts) {
        try {
          attempt.join();
          won++;
        } catch (CompletionException e) {
          assertThat(e).hasCauseInstanceOf(AppendConflictException.class);
        }
      }
      assertThat(won).isEqualTo(1);
      assertThat(log.source(boundary(thing), 0).events()).hasSize(1);
    }
  }

  @Test
  void aPoisonedAppendFailsAlone() {
    var thing = thing();
    var known = log.append(append(noted(thing))).join();
    var repeated = log.event(known.firstPosition()).orElseThrow().id();
    var answers = new ArrayList<CompletableFuture<Appended>>();
    for (int i = 0; i < 40; i++) {
      answers.add(
          i == 20
              ? log.append(
                  new Append(
                      List.of(new NewEvent(repeated, noted(thing), Set.of(), TestEvents.METADATA)),
                      List.of()))
              : log.append(append(noted(thing))));
    }
    for (int i = 0; i < 40; i++) {
      var answer = answers.get(i);
      if (i == 20) {
        assertThatThrownBy(answer::join).hasCauseInstanceOf(AppendRefusedException.class);
      } else {
        assertThat(answer.join()).isNotNull();
      }
    }
    assertThat(log.source(boundary(thing), 0).events()).hasSize(40);
  }

  @Test
  void aRoleWritesOnlyItsOwnEvents() {
    assertThatThrownBy(() -> policy.append(append(noted(thing()))).join())
        .hasCauseInstanceOf(AppendRefusedException.class)
        .hasMessageContaining("The role assay_policy may not write Noted");
    assertThat(policy.append(append(new Counted(thing(), 1))).join()).isNotNull();
  }

  @Test
  void whatIsTooLargeIsRefusedBeforeItIsSent() {
    var long_ = "x".repeat(LogLimits.SECTION_BYTES);
    assertThatThrownBy(() -> log.append(append(new TestEvents.Noted("t", 1, long_))).join())
        .hasCauseInstanceOf(AppendRefusedException.class);
    var tags = new Tag[LogLimits.TAGS];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = new Tag("k", "v" + i);
    }
    assertThatThrownBy(
            () -> log.append(new Append(List.of(event(noted("t"), tags)), List.of())).join())
        .hasCauseInstanceOf(AppendRefusedException.class);
    assertThatThrownBy(() -> log.append(append(new TestEvents.Noted("t", 1, "\ud800"))).join())
        .hasCauseInstanceOf(AppendRefusedException.class);
  }

  @Test
  void readersOfOtherServicesWakeUp() throws InterruptedException {
    var thing = thing();
    var awake = new CountDownLatch(1);
    try (var subscription =
        policy.onAppend(
            () -> {
              if (!policy.source(boundary(thing), 0).events().isEmpty()) {
                awake.countDown();
              }
            })) {
      assertThat(subscription).isNotNull();
      log.append(append(noted(thing))).join();
      assertThat(awake.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void anOrderedErasureTakesTheTextAndLeavesTheLeaf() throws SQLException {
    var thing = thing();
    var note = "Alexandra Mustermann " + thing;
    var target = log.append(append(new TestEvents.Noted(thing, 5, note))).join().firstPosition();
    var before = log.event(target).orElseThrow();
    try (var operator = TestEvents.log(database, Writer.OPERATOR)) {
      var order =
          operator
              .append(append(new ErasureOrdered(List.of(target), "Art. 17")))
              .join()
              .firstPosition();
      assertThatThrownBy(() -> erase(order, target + 1)).hasMessageContaining("No event");
      assertThatThrownBy(() -> erase(target, target)).hasMessageContaining("No event");
      assertThat(erase(order, target)).isEqualTo(1);
      assertThat(erase(order, target)).isZero();
    }

    var after = log.event(target).orElseThrow();

    assertThat(after.event()).isEqualTo(new TestEvents.Noted(thing, 5, null));
    assertThat(after.leaf()).isEqualTo(before.leaf());
    assertThat(Envelope.leaf(log.envelopes(target, 1).getFirst())).isEqualTo(before.leaf());
  }

  private static int erase(long order, long position) throws SQLException {
    try (var connection = database.as("assay_operator").getConnection();
        var statement = connection.prepareStatement("select log.erase(?, array[?]::bigint[])")) {
      statement.setLong(1, order);
      statement.setLong(2, position);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  @Test
  void positionsAreFoundByTheTimeOfRecording() {
    var appended = log.append(append(noted(thing()))).join();
    var recordedAt = log.event(appended.firstPosition()).orElseThrow().recordedAt();
    assertThat(log.positionAt(recordedAt)).isLessThanOrEqualTo(appended.firstPosition());
    assertThat(log.positionAt(recordedAt.plusNanos(1000))).isGreaterThan(appended.firstPosition());
    assertThat(log.positionAt(Instant.EPOCH)).isZero();
    assertThat(log.positionAt(Instant.now().plusSeconds(3600))).isEqualTo(log.head());
  }

  @Test
  void aTagOfTheMostBytesAndCharactersBeyondTheBasicPlaneAreSortedByBytes() {
    var thing = thing();
    var tags =
        new Tag[] {
          new Tag("k", "\uffee"), new Tag("k", "\ud83d\ude00"), new Tag("k", "y".repeat(198))
        };
    var position =
        log.append(new Append(List.of(event(noted(thing), tags)), List.of())).join().lastPosition();
    assertThat(log.event(position).orElseThrow().tags()).contains(tags);
  }
}
