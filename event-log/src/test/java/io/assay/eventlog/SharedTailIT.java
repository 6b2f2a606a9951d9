package io.assay.eventlog;

import static io.assay.eventlog.testing.TestEvents.noted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assay.contracts.Tag;
import io.assay.contracts.Writer;
import io.assay.eventlog.testing.PostgresServer;
import io.assay.eventlog.testing.TestEvents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Logs of one process on one database read once, for all of them, what is new there. */
class SharedTailIT {

  private static final Query EVERYTHING =
      Query.of(TestEvents.METADATA.workspace(), new Criterion(Set.of(), Set.of()));

  private static final Executor EACH_ON_ITS_OWN = task -> Thread.ofVirtual().start(task);

  private final PostgresServer.Database database = TestEvents.database();

  @AfterEach
  void drop() {
    database.close();
  }

  @Test
  void whatOneWritesTheOtherIsToldOfAndHasFromTheSameReading() throws Exception {
    try (var policy = log(Writer.POLICY, database.url());
        var registry = log(Writer.REGISTRY, database.url())) {
      var told = new Semaphore(0);
      try (var subscription = policy.onAppend(told::release)) {
        append(registry);
        told.acquire();
        await().until(() -> growsInOneReading(registry, registry, policy));
      }
    }
  }

  @Test
  void whatIsHandedOverIsWhatIsStored() {
    try (var log = log(Writer.REGISTRY, database.url())) {
      await().until(() -> growsInOneReading(log, log, log));
      var metadata =
          new EventMetadata(
              "another",
              new Actor("zoë", Actor.Kind.SERVICE),
              "somebody",
              "client",
              Instant.parse("2026-01-31T12:00:00.123456789Z"),
              "request",
              "cause",
              UUID.randomUUID(),
              "ab".repeat(32));
      var tags = Set.of(new Tag("name", "x\"y"), new Tag("idem", "z"));
      var events =
          List.of(
              new NewEvent(UUID.randomUUID(), noted("né \u2028 ✓"), tags, metadata),
              new NewEvent(UUID.randomUUID(), noted("b"), Set.of(), TestEvents.METADATA));
      var appended = log.append(new Append(events, List.of())).join();
      long first = appended.firstPosition();
      assertThat(appended.events()).isEqualTo(log.read(first, 2));
      var handedOver = log.follow(first, 2);
      assertThat(oneReading(log, log, first)).isTrue();
      assertThat(handedOver).hasSize(2).isEqualTo(log.read(first, 2));
    }
  }

  @Test
  void whoFollowsSeesEachEventOnceInOrderWhoeverAppendsIt() throws Exception {
    int each = 300;
    try (var policy = log(Writer.POLICY, database.url());
        var registry = log(Writer.REGISTRY, database.url());
        var stranger = log(Writer.REGISTRY, "another process")) {
      var writers = new ArrayList<CompletableFuture<Void>>();
      for (var log : List.of(policy, registry, stranger, registry)) {
        writers.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int i = 0; i < each; i++) {
                    long position =
                        log.append(TestEvents.append(new TestEvents.Counted("a", 1)))
                            .join()
                            .firstPosition();
                    var own = log.recent(EVERYTHING, position, position + 1);
                    assertThat(own.events().getFirst().position()).isEqualTo(position);
                  }
                },
                EACH_ON_ITS_OWN));
      }
      var all = CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new));
      var followed = new ArrayList<RecordedEvent>();
      while (followed.size() < 4 * each && !all.isCompletedExceptionally()) {
        followed.addAll(policy.follow(followed.size(), 100));
      }
      all.get();
      assertThat(followed).isEqualTo(policy.read(0, 10_000));
      await().untilAsserted(() -> assertThat(registry.follow(0, 10_000)).hasSize(4 * each));
    }
  }

  @Test
  void logsOfDatabasesOfOtherNamesReadEachForItself() {
    try (var policy = log(Writer.POLICY, "one");
        var registry = log(Writer.REGISTRY, "another")) {
      await().until(() -> growsInOneReading(registry, registry, registry));
      await().until(() -> growsInOneReading(registry, policy, policy));
      long last = append(registry);
      await().until(() -> oneReading(policy, policy, last) && oneReading(registry, registry, last));
      assertThat(oneReading(policy, registry, last)).isFalse();
    }
  }

  @Test
  void whoStaysReadsOnWhenTheFirstHasLeft() {
    try (var registry = log(Writer.REGISTRY, database.url(), log(Writer.POLICY, database.url()))) {
      await().until(() -> growsInOneReading(registry, registry, registry));
    }
  }

  @Test
  void whoStaysHearsOfOtherProcessesWhenTheFirstHasLeft() {
    try (var registry = log(Writer.REGISTRY, database.url(), log(Writer.POLICY, database.url()));
        var stranger = log(Writer.REGISTRY, "another process")) {
      long last = append(stranger);
      await().until(() -> oneReading(registry, registry, last));
    }
  }

  @Test
  void whoComesWhenAllHaveLeftBeginsAnew() {
    log(Writer.REGISTRY, database.url(), log(Writer.POLICY, database.url())).close();
    try (var registry = log(Writer.REGISTRY, database.url())) {
      await().until(() -> growsInOneReading(registry, registry, registry));
    }
  }

  /** Lets the log grow, and tells whether both have the event before from one reading. */
  private static boolean growsInOneReading(EventLog growing, EventLog one, EventLog other) {
    return oneReading(one, other, append(growing) - 1);
  }

  /** What is read from memory is the same object each time, what is read again another. */
  private static boolean oneReading(EventLog one, EventLog other, long position) {
    var here = one.follow(Math.max(0, position), 1);
    var there = other.follow(Math.max(0, position), 1);
    return !here.isEmpty() && !there.isEmpty() && here.getFirst() == there.getFirst();
  }

  private static long append(EventLog log) {
    return log.append(TestEvents.append(noted("a"))).join().firstPosition();
  }

  /** A log beside one that was there before and has left since. */
  private PostgresEventLog log(Writer writer, String name, PostgresEventLog first) {
    var log = log(writer, name);
    first.close();
    return log;
  }

  private PostgresEventLog log(Writer writer, String name) {
    var role = database.as(writer.role());
    var log = PostgresEventLog.on(role, role, writer.service(), TestEvents.CODEC);
    return log.remembering(100, name).open();
  }
}
