package io.assay.eventlog;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assay.contracts.EventCatalogue;
import io.assay.contracts.EventJson;
import io.assay.contracts.ModelEvent.ModelArchived;
import io.assay.contracts.ModelId;
import io.assay.contracts.Writer;
import io.assay.eventlog.Writers.Acknowledged;
import io.assay.eventlog.testing.Events;
import io.assay.eventlog.testing.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is killed under load: nothing acknowledged is lost, nothing stands twice, no conflict is
 * overlooked, and what is stored verifies.
 *
 * <p>{@code -Dassay.torture=N} does everything N times as long and as often.
 */
class CrashIT {

  private static final int TORTURE = Integer.getInteger("assay.torture", 1);

  /** Acknowledgements to wait for before something is killed. */
  private static final int LOAD = 400 * TORTURE;

  private static final Duration PATIENCE = Duration.ofSeconds(60L * TORTURE);

  private final ModelId hot = Events.model();
  private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();

  @Test
  void sixteenWritersInTwoProcessesAreReadOnceInOrderWithoutGap() throws Exception {
    try (var database = database()) {
      var role = database.as(Writer.REGISTRY.role());
      var done = new AtomicBoolean();
      List<RecordedEvent> seen;
      try (var reader = open(database.as(Writer.LINEAGE.role()));
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<List<RecordedEvent>> reading = threads.submit(() -> readAlong(reader, done));
        try (var one = process(database);
            var two = process(database)) {
          awaitLoad(4 * LOAD);
        } finally {
          done.set(true);
        }
        seen = reading.get(PATIENCE.toSeconds(), SECONDS);
      }
      assertThat(seen).hasSizeGreaterThanOrEqualTo(acknowledged.size());
      assertNothingLostNothingTwice(seen);
      assertVerifies(role, seen.size());
    }
  }

  @Test
  void aKilledWriterLosesNothingAcknowledgedAndHoldsNobodyUp() throws Exception {
    try (var database = database()) {
      var role = database.as(Writer.REGISTRY.role());
      for (int round = 0; round < 2 * TORTURE; round++) {
        var before = acknowledged.size();
        try (var writers = process(database)) {
          awaitLoad(before + LOAD);
          writers.kill();
        }
      }
      try (var log = open(role)) {
        var event = Events.archived(Events.model(), null);
        var appended = log.append(Events.append(event)).get(PATIENCE.toSeconds(), SECONDS);
        acknowledged.add(new Acknowledged(event.id(), appended.firstPosition()));
        var stored = everything(log);
        assertNothingLostNothingTwice(stored);
        assertVerifies(role, stored.size());
      }
    }
  }

  @Test
  void aKilledDatabaseLosesNothingAcknowledgedAndWritersGoOn(@TempDir Path folder)
      throws Exception {
    try (var server = new CrashingServer(folder.resolve("data"))) {
      var role = server.as(Writer.REGISTRY.role());
      var begun = new AtomicBoolean();
      try (var log = open(role)) {
        try (var writers = new Writers(log, 8, hot, acknowledged::add);
            var others =
                WriterProcess.start(
                    server.url(),
                    server.password(),
                    8,
                    hot,
                    ack -> {
                      acknowledged.add(ack);
                      begun.set(true);
                    })) {
          // A log does not open on a database that is not there.
          await().atMost(PATIENCE).untilTrue(begun);
          for (int round = 0; round < 2 * TORTURE; round++) {
            awaitLoad(acknowledged.size() + LOAD);
            server.kill();
            server.startAgain();
          }
          awaitLoad(acknowledged.size() + LOAD);
        }
        var stored = everything(log);
        assertNothingLostNothingTwice(stored);
        assertVerifies(role, stored.size());
      }
    }
  }

  private static PostgresServer.Database database() {
    var database = PostgresServer.database();
    LogMigrations.permit(database.owner(), EventCatalogue.assay());
    return database;
  }

  private WriterProcess process(PostgresServer.Database database) throws Exception {
    return WriterProcess.start(database.url(), PostgresServer.PASSWORD, 8, hot, acknowledged::add);
  }

  private static PostgresEventLog open(DataSource role) {
    return PostgresEventLog.on(
            role,
            role,
            Writer.REGISTRY.service(),
            EventCodec.of(new EventJson(EventCatalogue.assay())))
        .open();
  }

  private void awaitLoad(int count) {
    await().atMost(PATIENCE).until(() -> acknowledged.size() >= count);
  }

  private static List<RecordedEvent> readAlong(EventLog log, AtomicBoolean done) {
    var seen = new ArrayList<RecordedEvent>();
    while (true) {
      // Asked before reading: what was written by then is read below.
      boolean last = done.get();
      var page = log.read(seen.size(), 500);
      seen.addAll(page);
      if (page.isEmpty() && last) {
        return seen;
      }
    }
  }

  private static List<RecordedEvent> everything(EventLog log) {
    return readAlong(log, new AtomicBoolean(true));
  }

  private void assertNothingLostNothingTwice(List<RecordedEvent> stored) {
    assertThat(stored)
        .extracting(RecordedEvent::position)
        .containsExactlyElementsOf(LongStream.range(0, stored.size()).boxed().toList());
    Map<UUID, Long> positions = new HashMap<>();
    stored.forEach(event -> positions.put(event.id(), event.position()));
    assertThat(positions).hasSameSizeAs(stored);
    assertThat(acknowledged)
        .allSatisfy(ack -> assertThat(positions).containsEntry(ack.id(), ack.position()));
    var numbers =
        stored.stream()
            .filter(event -> event.tags().contains(hot.tag()))
            .map(event -> ((ModelArchived) event.event()).reason())
            .toList();
    assertThat(numbers)
        .isNotEmpty()
        .containsExactlyElementsOf(
            IntStream.range(0, numbers.size()).mapToObj(Integer::toString).toList());
  }

  private static void assertVerifies(DataSource role, long size) {
    try (var stored = new PostgresStoredEvents(role)) {
      var found = LogVerifier.verify(stored);
      assertThat(found.faults()).isEmpty();
      assertThat(found.size()).isEqualTo(size);
    }
  }
}
