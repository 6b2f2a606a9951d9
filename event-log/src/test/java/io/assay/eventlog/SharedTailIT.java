package io.assay.eventlog;

import static io.assay.eventlog.testing.TestEvents.noted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assay.contracts.Writer;
import io.assay.eventlog.testing.PostgresServer;
import io.assay.eventlog.testing.TestEvents;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Logs of one process on one database read once, for all of them, what is new there. */
class SharedTailIT {

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
