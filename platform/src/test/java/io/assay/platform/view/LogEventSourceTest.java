package io.assay.platform.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.ModelId;
import io.assay.contracts.VersionId;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.RecordedEvent;
import io.assay.eventlog.testing.Events;
import io.assay.eventlog.testing.InMemoryEventLog;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.token.GlobalSequenceTrackingToken;
import org.axonframework.messaging.eventstreaming.StreamingCondition;
import org.junit.jupiter.api.Test;

class LogEventSourceTest {

  private final InMemoryEventLog log = new InMemoryEventLog();
  private final ModelId model = Events.model();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void whoWantsEveryEventIsGivenEveryEventAtOnce() {
    var stream = open(event -> true);
    count(3);
    assertThat(read(stream)).containsExactly(0L, 1L, 2L);
    note();
    assertThat(read(stream)).containsExactly(3L);
  }

  @Test
  void whatIsWantedComesAtOnceAndWhatIsBetweenNotAtAll() {
    var stream = open(LogEventSourceTest::isNote);
    count(2);
    note();
    count(1);
    note();
    assertThat(read(stream)).containsExactly(2L, 4L);
  }

  @Test
  void ofWhatIsNotWantedTheLastComesAfterAWhile() {
    var stream = open(LogEventSourceTest::isNote);
    count(3);
    assertThat(read(stream)).isEmpty();
    now = now.plus(Duration.ofSeconds(1));
    assertThat(read(stream)).containsExactly(2L);
    now = now.plus(Duration.ofHours(1));
    assertThat(read(stream)).isEmpty();
    count(1);
    assertThat(read(stream)).containsExactly(3L);
    count(1);
    assertThat(read(stream)).isEmpty();
  }

  @Test
  void nothingComesTwiceOrOutOfOrder() {
    var stream = open(LogEventSourceTest::isNote);
    var seen = new ArrayList<Long>();
    for (int i = 0; i < 200; i++) {
      if (i % 7 == 0) {
        note();
      } else {
        count(1);
      }
      now = now.plusMillis(90);
      seen.addAll(read(stream));
    }
    assertThat(seen).isSorted().doesNotHaveDuplicates();
    assertThat(seen).contains(0L, 7L, 196L);
  }

  @Test
  void whoIsBusyIsGivenNoMoreUntilSomethingIsDone() {
    var source = new LogEventSource(log, 512, event -> true, () -> now);
    var stream =
        source.open(StreamingCondition.startingFrom(new GlobalSequenceTrackingToken(0)), null);
    var woken = new AtomicInteger();
    stream.setCallback(woken::incrementAndGet);
    count(2_000);
    int most = read(stream).size();
    assertThat(most).isLessThan(1_024); // beyond which Axon waits without being woken
    assertThat(read(stream)).isEmpty();
    int before = woken.get();
    source.processed(256);
    assertThat(woken.get()).isGreaterThan(before);
    assertThat(read(stream)).hasSize(256).startsWith((long) most);
    now = now.plusSeconds(10);
    assertThat(read(stream)).as("what nobody reports is given up for lost").isNotEmpty();
  }

  @Test
  void whatComesWhileABatchIsInWorkComesWithTheNextWakeUp() {
    var wakeUps = new ArrayList<Runnable>();
    var source = new LogEventSource(wokenBy(wakeUps), 512, event -> true, () -> now);
    var stream =
        source.open(StreamingCondition.startingFrom(new GlobalSequenceTrackingToken(0)), null);
    var woken = new AtomicInteger();
    stream.setCallback(woken::incrementAndGet);
    count(2);
    assertThat(read(stream)).containsExactly(0L, 1L);
    count(3);
    int before = woken.get();
    source.processed(2);
    assertThat(woken).as("nothing waits for what was done").hasValue(before);
    assertThat(read(stream)).isEmpty();
    wakeUps.forEach(Runnable::run);
    assertThat(woken).hasValue(before + 1);
    assertThat(read(stream)).containsExactly(2L, 3L, 4L);
  }

  /** The log, but for its wake-ups, which are these. */
  private EventLog wokenBy(List<Runnable> wakeUps) {
    return (EventLog)
        Proxy.newProxyInstance(
            EventLog.class.getClassLoader(),
            new Class<?>[] {EventLog.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("onAppend")) {
                wakeUps.add((Runnable) arguments[0]);
                return (EventLog.Subscription) () -> {};
              }
              return method.invoke(log, arguments);
            });
  }

  private MessageStream<EventMessage> open(Predicate<RecordedEvent> wanted) {
    return new LogEventSource(log, 2, wanted, () -> now)
        .open(StreamingCondition.startingFrom(new GlobalSequenceTrackingToken(0)), null);
  }

  private static boolean isNote(RecordedEvent event) {
    return event.type().equals(Events.ARCHIVED);
  }

  private static List<Long> read(MessageStream<EventMessage> stream) {
    var positions = new ArrayList<Long>();
    for (var next = stream.next(); next.isPresent(); next = stream.next()) {
      positions.add(((RecordedEvent) next.get().message().payload()).position());
    }
    return positions;
  }

  private void note() {
    log.append(Events.append(Events.archived(model, "noted"))).join();
  }

  private void count(int times) {
    for (int i = 0; i < times; i++) {
      log.append(Events.append(Events.stored(model, new VersionId(UUID.randomUUID())))).join();
    }
  }
}
