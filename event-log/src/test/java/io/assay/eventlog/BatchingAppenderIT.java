package io.assay.eventlog;

import static io.assay.eventlog.testing.TestEvents.append;
import static io.assay.eventlog.testing.TestEvents.event;
import static io.assay.eventlog.testing.TestEvents.noted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.contracts.Tag;
import io.assay.contracts.Writer;
import io.assay.eventlog.CuttingProxy.Cut;
import io.assay.eventlog.testing.PostgresServer;
import io.assay.eventlog.testing.TestEvents;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

class BatchingAppenderIT {

  private static PostgresServer.Database database;
  private static DataSource role;

  @BeforeAll
  static void open() {
    database = TestEvents.database();
    role = database.as(Writer.REGISTRY.role());
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private static PostgresEventLog.Builder log(DataSource unpooled) {
    return PostgresEventLog.on(role, unpooled, "registry", TestEvents.CODEC);
  }

  private static DataSource through(CuttingProxy proxy) {
    var source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {proxy.port()});
    source.setDatabaseName(database.name());
    source.setUser(Writer.REGISTRY.role());
    source.setPassword(PostgresServer.PASSWORD);
    // Every COMMIT travels as text, so that the proxy sees it.
    source.setPreparedStatementCacheQueries(0);
    source.setPrepareThreshold(0);
    return source;
  }

  private static Query boundary(String thing) {
    return Query.of("default", Criterion.of(new Tag("thing", thing)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Cut.class,
      names = {"BEFORE_COMMIT", "AFTER_COMMIT"})
  void aConnectionLostInCommitLosesNothingAndRepeatsNothing(Cut cut) throws Exception {
    var thing = UUID.randomUUID().toString();
    try (var proxy = new CuttingProxy(database.port());
        var log = log(through(proxy)).open()) {
      log.append(append(noted(thing))).join();
      proxy.cutNext(cut);
      var answers = new ArrayList<CompletableFuture<Appended>>();
      for (int i = 0; i < 20; i++) {
        answers.add(log.append(append(noted(thing))));
      }

      var positions = new HashSet<Long>();
      answers.forEach(answer -> positions.add(answer.join().firstPosition()));

      assertThat(proxy.cuts()).isEqualTo(1);
      assertThat(positions).hasSize(20);
      assertThat(log.source(boundary(thing), 0).events())
          .hasSize(21)
          .extracting(RecordedEvent::position)
          .containsAll(positions);
    }
  }

  @Test
  void aGuardedAppendWhoseCommitWasNotAnsweredDoesNotConflictWithItself() throws Exception {
    var thing = UUID.randomUUID().toString();
    try (var proxy = new CuttingProxy(database.port());
        var log = log(through(proxy)).open()) {
      proxy.cutNext(Cut.AFTER_COMMIT);
      var appended = log.append(append(noted(thing), new Guard(boundary(thing), 0))).join();
      assertThat(proxy.cuts()).isEqualTo(1);
      assertThat(log.source(boundary(thing), 0).events())
          .extracting(RecordedEvent::position)
          .containsExactly(appended.firstPosition());
    }
  }

  @Test
  void twoNodesShareTheLogFairlyAndWithoutGap() throws Exception {
    var thing = UUID.randomUUID().toString();
    long before;
    try (var one = log(role).open();
        var two = log(role).open();
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      before = one.head();
      var answers = new ArrayList<CompletableFuture<Appended>>();
      for (int client = 0; client < 16; client++) {
        var node = client % 2 == 0 ? one : two;
        answers.add(
            CompletableFuture.supplyAsync(
                () -> {
                  @Nullable Appended last = null;
                  for (int i = 0; i < 50; i++) {
                    last = node.append(append(noted(thing))).join();
                  }
                  return last;
                },
                clients));
      }
      answers.forEach(CompletableFuture::join);
      var read = one.read(before, 2000);
      assertThat(read).hasSize(800);
      @Nullable Long previous = null;
      Instant recordedAt = Instant.EPOCH;
      for (int i = 0; i < read.size(); i++) {
        var event = read.get(i);
        assertThat(event.position()).isEqualTo(before + i);
        assertThat(event.recordedAt()).isAfterOrEqualTo(recordedAt);
        recordedAt = event.recordedAt();
        assertThat(TestEvents.previous(one.envelopes(event.position(), 1).getFirst()))
            .isEqualTo(previous);
        previous = event.position();
      }
    }
  }

  @Test
  void timeNeverDecreasesWhenTheClockGoesBack() {
    var thing = UUID.randomUUID().toString();
    try (var ahead = log(role).open()) {
      ahead.append(append(noted(thing))).join();
    }
    try (var behind = log(role).clock(() -> Instant.parse("2001-01-01T00:00:00Z")).open()) {
      behind.append(append(noted(thing))).join();
      var events = behind.source(boundary(thing), 0).events();
      assertThat(events.get(1).recordedAt()).isEqualTo(events.get(0).recordedAt());
    }
  }

  @Test
  void aClockFarAheadIsRefused() {
    try (var ahead = log(role).clock(() -> Instant.now().plusSeconds(3600)).open()) {
      assertThatThrownBy(() -> ahead.append(append(noted("t"))).join())
          .hasCauseInstanceOf(AppendRefusedException.class)
          .hasMessageContaining("clocks");
    }
  }

  @Test
  void callersBeyondTheQueueAreToldToComeBack() throws SQLException {
    try (var log = log(role).queue(4).open();
        var blocker = database.superuser().getConnection()) {
      lockHead(blocker);
      var answers = new ArrayList<CompletableFuture<Appended>>();
      for (int i = 0; i < 300; i++) {
        answers.add(log.append(append(noted("queue"))));
      }
      var refused = answers.stream().filter(CompletableFuture::isCompletedExceptionally).toList();
      assertThat(refused).isNotEmpty();
      assertThat(refused.getFirst().exceptionNow()).isInstanceOf(LogUnavailableException.class);
      blocker.rollback();
      int written = 0;
      for (var answer : answers) {
        try {
          answer.join();
          written++;
        } catch (CompletionException e) {
          assertThat(e).hasCauseInstanceOf(LogUnavailableException.class);
        }
      }
      assertThat(written).isEqualTo(300 - refused.size());
    }
  }

  @Test
  void ofConflictingAppendsInOneBatchTheFirstWins() throws SQLException {
    var thing = UUID.randomUUID().toString();
    try (var log = log(role).open();
        var blocker = database.superuser().getConnection()) {
      lockHead(blocker);
      var guard = new Guard(boundary(thing), 0);
      var answers = new ArrayList<CompletableFuture<Appended>>();
      // The first may be a batch of its own, waiting for the lock; the others are one batch.
      answers.add(log.append(append(noted("other"))));
      answers.add(log.append(append(noted(thing), guard)));
      answers.add(log.append(append(noted(thing), guard)));
      answers.add(log.append(append(noted("other"), guard)));
      answers.add(log.append(append(noted("other"))));
      blocker.rollback();
      assertThat(answers.get(0).join()).isNotNull();
      assertThat(answers.get(1).join()).isNotNull();
      assertThatThrownBy(answers.get(2)::join).hasCauseInstanceOf(AppendConflictException.class);
      assertThatThrownBy(answers.get(3)::join).hasCauseInstanceOf(AppendConflictException.class);
      assertThat(answers.get(4).join()).isNotNull();
    }
  }

  @Test
  void aLoserOfAnAppendThatIsItselfRefusedWins() throws SQLException {
    var thing = UUID.randomUUID().toString();
    try (var log = log(role).open();
        var blocker = database.superuser().getConnection()) {
      var known = log.append(append(noted("known"))).join().firstPosition();
      var poison =
          new NewEvent(
              log.event(known).orElseThrow().id(), noted(thing), Set.of(), TestEvents.METADATA);
      lockHead(blocker);
      var guard = new Guard(boundary(thing), 0);
      log.append(append(noted("other")));
      var poisoned = log.append(new Append(List.of(poison), List.of(guard)));
      var waiting = log.append(append(noted(thing), guard));
      blocker.rollback();
      assertThatThrownBy(poisoned::join).hasCauseInstanceOf(AppendRefusedException.class);
      assertThat(waiting.join()).isNotNull();
    }
  }

  @Test
  void closingAnswersWhatWaits() {
    var answers = new ArrayList<CompletableFuture<Appended>>();
    try (var log = log(role).open()) {
      for (int i = 0; i < 500; i++) {
        answers.add(log.append(new Append(List.of(event(noted("closing"))), List.of())));
      }
    }
    answers.forEach(answer -> assertThat(answer.join()).isNotNull());
  }

  @Test
  void aClosedLogTakesNothing() {
    var log = log(role).open();
    log.close();
    assertThatThrownBy(() -> log.append(append(noted("closed"))).join())
        .hasCauseInstanceOf(LogUnavailableException.class);
  }

  private static void lockHead(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute("select from log.head for update");
    }
  }
}
