package io.assay.eventlog.testing;

import static io.assay.eventlog.testing.Events.append;
import static io.assay.eventlog.testing.Events.archived;
import static io.assay.eventlog.testing.Events.model;
import static io.assay.eventlog.testing.Events.stored;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.contracts.ModelEvent.ModelArchived;
import io.assay.contracts.ModelId;
import io.assay.contracts.Tag;
import io.assay.contracts.VersionId;
import io.assay.eventlog.Actor;
import io.assay.eventlog.Append;
import io.assay.eventlog.AppendConflictException;
import io.assay.eventlog.AppendRefusedException;
import io.assay.eventlog.Appended;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.Guard;
import io.assay.eventlog.LogLimits;
import io.assay.eventlog.NewEvent;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.eventlog.Sourced;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What an {@link EventLog} promises and what it must refuse, whatever it is built on. A store's own
 * test extends this class and opens the store.
 *
 * <p>The kit is itself tested against stores that drop, reorder, duplicate and overlook.
 */
@Timeout(60)
public abstract class EventLogConformance {

  private static final String DEFAULT = EventMetadata.DEFAULT_WORKSPACE;

  private EventLog log;

  /** An empty log that may be written with events of the registry. */
  protected abstract EventLog openEmpty() throws Exception;

  /** The same log once more, as another process has it open. */
  protected abstract EventLog openAgain() throws Exception;

  /** How long an answer may take before it counts as lost. */
  protected Duration patience() {
    return Duration.ofSeconds(20);
  }

  @BeforeEach
  void openIt() throws Exception {
    log = openEmpty();
  }

  @AfterEach
  void closeIt() {
    log.close();
  }

  // Order -------------------------------------------------------------------------------------

  @Test
  void anEmptyLogHasNoEventAndTheMarkerZero() {
    assertThat(log.head()).isZero();
    assertThat(log.read(0, 10)).isEmpty();
    assertThat(log.event(0)).isEmpty();
    assertThat(log.event(UUID.randomUUID())).isEmpty();
    assertThat(log.source(Events.of(model()), 0)).isEqualTo(new Sourced(List.of(), 0));
  }

  @Test
  void positionsStartAtZeroAndMarkersAreCounts() {
    var two = done(append(archived(model(), null), archived(model(), null)));
    assertThat(two.firstPosition()).isZero();
    assertThat(two.lastPosition()).isEqualTo(1);
    var third = done(append(archived(model(), null)));
    assertThat(third.firstPosition()).isEqualTo(2);
    assertThat(third.lastPosition()).isEqualTo(2);
    assertThat(third.marker()).isEqualTo(3);
    assertThat(log.head()).isEqualTo(3);
  }

  @Test
  void whatAnAnswerSaysOfItsEventsIsWhatIsRead() {
    var model = model();
    var first = done(append(archived(model, null)));
    var second = done(append(archived(model(), null), archived(model, null)));
    if (!second.events().isEmpty()) {
      assertThat(second.events()).isEqualTo(log.read(second.firstPosition(), 2));
    }
    if (!second.previous().isEmpty()) {
      assertThat(second.previous()).containsOnly(Map.entry(model.tag(), first.lastPosition()));
    }
  }

  @Test
  void anEventIsReadAsItWasAppended() {
    var model = model();
    var metadata =
        new EventMetadata(
            "workspace-1",
            new Actor("service-1", Actor.Kind.SERVICE),
            "actor-2",
            "client 7",
            Instant.parse("2026-01-02T03:04:05.678901Z"),
            "correlation-1",
            "cause-1",
            UUID.randomUUID(),
            "ab".repeat(32));
    var extra = new Tag("idem", "x:y");
    var event =
        new NewEvent(
            UUID.randomUUID(),
            new ModelArchived(model, "Zo\u00eb \ud83d\ude00 \"\\\n"),
            Set.of(extra),
            metadata);
    done(append(event));
    var read = log.event(0).orElseThrow();
    assertThat(read.position()).isZero();
    assertThat(read.id()).isEqualTo(event.id());
    assertThat(read.type()).isEqualTo(Events.ARCHIVED);
    assertThat(read.version()).isEqualTo(1);
    assertThat(read.event()).isEqualTo(event.event());
    assertThat(read.metadata()).isEqualTo(metadata);
    assertThat(read.tags()).containsExactlyInAnyOrder(model.tag(), extra);
    assertThat(read.writer()).isEqualTo("registry");
    assertThat(log.event(event.id())).contains(read);
    assertThat(log.read(0, 1)).containsExactly(read);
    assertThat(log.source(Query.of("workspace-1", Criterion.of(extra)), 0).events())
        .containsExactly(read);
  }

  @Test
  void theEventsOfAnAppendStandTogetherInTheirOrder() {
    var waiting = new ArrayList<Map.Entry<List<UUID>, CompletableFuture<Appended>>>();
    for (int i = 0; i < 50; i++) {
      var events = Stream.generate(() -> archived(model(), null)).limit(1 + i % 4).toList();
      waiting.add(
          Map.entry(
              events.stream().map(NewEvent::id).toList(),
              log.append(new Append(events, List.of()))));
    }
    for (var entry : waiting) {
      var appended = done(entry.getValue());
      assertThat(
              log.read(appended.firstPosition(), entry.getKey().size()).stream()
                  .map(RecordedEvent::id))
          .containsExactlyElementsOf(entry.getKey());
      assertThat(appended.lastPosition() - appended.firstPosition() + 1)
          .isEqualTo(entry.getKey().size());
    }
    assertGapless(123);
  }

  @Test
  void aReaderWhoReadsAlongSeesEveryPositionOnceInOrder() throws Exception {
    int writers = 8;
    int each = 60;
    var acknowledged = new ConcurrentHashMap<UUID, Long>();
    var seen = new ArrayList<RecordedEvent>();
    var givenUp = new AtomicBoolean();
    try (var again = openAgain();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var reading =
          threads.submit(
              () -> {
                for (long next = 0; next < writers * each && !givenUp.get(); ) {
                  var page = again.read(next, 7);
                  seen.addAll(page);
                  next += page.size();
                  Thread.yield();
                }
              });
      for (int writer = 0; writer < writers; writer++) {
        var own = writer % 2 == 0 ? log : again;
        threads.submit(
            () -> {
              for (int i = 0; i < each; i++) {
                var event = archived(model(), null);
                acknowledged.put(event.id(), done(own.append(append(event))).firstPosition());
              }
            });
      }
      try {
        reading.get(patience().toSeconds(), SECONDS);
      } finally {
        givenUp.set(true);
      }
    }
    assertThat(seen)
        .extracting(RecordedEvent::position)
        .containsExactlyElementsOf(LongStream.range(0, writers * each).boxed().toList());
    var found = new HashMap<UUID, Long>();
    seen.forEach(event -> found.put(event.id(), event.position()));
    assertThat(found).containsExactlyInAnyOrderEntriesOf(acknowledged);
    assertGapless(writers * each);
  }

  @Test
  void replayEqualsLive() throws Exception {
    var models = Stream.generate(Events::model).limit(3).toList();
    int events = 90;
    var live = new TreeMap<Long, RecordedEvent>();
    var byModel = new HashMap<ModelId, List<RecordedEvent>>();
    var complete = new CountDownLatch(1);
    Runnable catchUp =
        () -> {
          synchronized (live) {
            for (var event : log.read(live.size(), 1_000)) {
              live.put(event.position(), event);
              models.stream()
                  .filter(model -> event.tags().contains(model.tag()))
                  .forEach(
                      model -> byModel.computeIfAbsent(model, m -> new ArrayList<>()).add(event));
            }
            if (live.size() >= events) {
              complete.countDown();
            }
          }
        };
    try (var subscription = log.onAppend(catchUp)) {
      for (int i = 0; i < events; i++) {
        log.append(append(archived(models.get(i % 3), "text " + i)));
      }
      assertThat(complete.await(patience().toSeconds(), SECONDS)).isTrue();
    }
    try (var again = openAgain()) {
      assertThat(again.read(0, 1_000)).containsExactlyElementsOf(live.values());
      for (var model : models) {
        assertThat(again.source(Events.of(model), 0).events())
            .containsExactlyElementsOf(byModel.getOrDefault(model, List.of()))
            .hasSize(events / 3);
      }
    }
  }

  @Test
  void anotherProcessIsWokenAndReadsWhatWasAcknowledged() throws Exception {
    try (var again = openAgain()) {
      var woken = new CountDownLatch(1);
      try (var subscription =
          again.onAppend(
              () -> {
                if (again.head() > 0) {
                  woken.countDown();
                }
              })) {
        var event = archived(model(), null);
        done(append(event));
        assertThat(again.event(event.id())).isPresent();
        assertThat(woken.await(patience().toSeconds(), SECONDS)).isTrue();
      }
      assertThat(again.identity()).isEqualTo(log.identity());
    }
  }

  // Sourcing ----------------------------------------------------------------------------------

  @Test
  void sourcingFindsWhatBearsAllTagsAndAnyOfTheTypesOfACriterion() {
    var model = model();
    var version = new VersionId(UUID.randomUUID());
    var elsewhere = new VersionId(UUID.randomUUID());
    done(
        append(
            archived(model, null),
            stored(model, version),
            stored(model, elsewhere),
            archived(model(), null),
            stored(model(), version)));
    assertThat(positions(Criterion.of(model.tag()))).containsExactly(0L, 1L, 2L);
    assertThat(positions(Criterion.of(model.tag(), Events.STORED))).containsExactly(1L, 2L);
    assertThat(positions(Criterion.of(model.tag(), Events.STORED, Events.ARCHIVED)))
        .containsExactly(0L, 1L, 2L);
    assertThat(positions(new Criterion(Set.of(model.tag(), version.tag()), Set.of())))
        .containsExactly(1L);
    assertThat(positions(new Criterion(Set.of(), Set.of(Events.ARCHIVED)))).containsExactly(0L, 3L);
    assertThat(positions(new Criterion(Set.of(), Set.of()))).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void anEventThatMatchesTwoCriteriaIsSourcedOnce() {
    var model = model();
    var version = new VersionId(UUID.randomUUID());
    done(append(stored(model, version), archived(model, null), archived(model(), null)));
    assertThat(positions(Criterion.of(version.tag()), Criterion.of(model.tag())))
        .containsExactly(0L, 1L);
    assertThat(positions()).isEmpty();
  }

  @Test
  void sourcingFromAPositionLeavesOutWhatStandsBefore() {
    var model = model();
    done(append(archived(model, null), archived(model, null), archived(model, null)));
    var sourced = log.source(Events.of(model), 1);
    assertThat(sourced.events()).extracting(RecordedEvent::position).containsExactly(1L, 2L);
    assertThat(sourced.marker()).isEqualTo(3);
  }

  // Conflicts ---------------------------------------------------------------------------------

  @Test
  void positionsAreThoseOfTheEventsOfATypeThatBearATag() {
    var model = model();
    done(append(archived(model, null), archived(model(), null)));
    for (int i = 0; i < 30; i++) {
      done(append(archived(model, null)));
    }
    var query = Query.of(DEFAULT, Criterion.of(model.tag(), Events.ARCHIVED));
    for (long from : List.of(0L, 1L, 2L, 17L, 31L, 32L, 99L)) {
      var expected = EventLog.positions(log.source(query, from));
      assertThat(log.positions(DEFAULT, model.tag(), Events.ARCHIVED, from)).isEqualTo(expected);
      assertThat(log.recentPositions(DEFAULT, model.tag(), Events.ARCHIVED, from, 32))
          .isEqualTo(expected);
    }
    assertThat(log.positions(DEFAULT, model.tag(), Events.ARCHIVED, 0).positions()).hasSize(31);
    assertThat(log.positions(DEFAULT, model.tag(), "ModelRegistered", 0).positions()).isEmpty();
    assertThat(log.positions("another", model.tag(), Events.ARCHIVED, 0).positions()).isEmpty();
  }

  @Test
  void anEventExactlyAtASourcedMarkerConflicts() {
    var model = model();
    done(append(archived(model, null)));
    long marker = log.source(Events.of(model), 0).marker();
    assertThat(done(append(archived(model, null))).firstPosition()).isEqualTo(marker);
    assertConflict(append(model, marker, archived(model, null)));
    assertThat(log.head()).isEqualTo(2);
  }

  @Test
  void anEventExactlyAtACachedMarkerConflicts() {
    var model = model();
    long marker = done(append(archived(model, null))).marker();
    assertThat(done(append(archived(model, null))).firstPosition()).isEqualTo(marker);
    assertConflict(append(model, marker, archived(model, null)));
    assertThat(log.head()).isEqualTo(2);
  }

  @Test
  void anEventBeforeTheMarkerDoesNotConflict() {
    var model = model();
    long marker = done(append(archived(model, null))).marker();
    assertThat(done(append(model, marker, archived(model, null))).firstPosition())
        .isEqualTo(marker);
  }

  @Test
  void aConflictIsFoundThroughAnotherProcess() throws Exception {
    var model = model();
    long marker = done(append(archived(model, null))).marker();
    try (var again = openAgain()) {
      done(again.append(append(archived(model, null))));
      assertConflict(append(model, marker, archived(model, null)));
      done(append(archived(model, null)));
      assertThatThrownBy(() -> done(again.append(append(model, 2, archived(model, null)))))
          .isInstanceOf(AppendConflictException.class);
    }
  }

  @Test
  void aMarkerBeyondTheHeadConflicts() {
    var model = model();
    assertConflict(append(model, 1, archived(model, null)));
    assertThat(log.head()).isZero();
  }

  @Test
  void aConflictSaysWhereTheLogStands() {
    var model = model();
    done(append(archived(model, null), archived(model, null)));
    assertThatThrownBy(() -> done(append(model, 0, archived(model, null))))
        .isInstanceOfSatisfying(
            AppendConflictException.class,
            conflict -> assertThat(conflict.marker()).isGreaterThanOrEqualTo(2));
  }

  @Test
  void ofAppendsThatExcludeEachOtherExactlyOneWins() {
    for (int round = 0; round < 25; round++) {
      var model = model();
      long marker = log.head();
      var rivals =
          Stream.generate(() -> log.append(append(model, marker, archived(model, null))))
              .limit(12)
              .toList();
      assertThat(rivals.stream().filter(rival -> outcome(rival) instanceof Appended)).hasSize(1);
      assertThat(rivals.stream().map(this::outcome))
          .allMatch(o -> o instanceof Appended || o instanceof AppendConflictException);
      assertThat(log.source(Events.of(model), 0).events()).hasSize(1);
    }
  }

  @Test
  void ofAppendsThatExcludeEachOtherCrosswiseExactlyOneWins() {
    for (int round = 0; round < 25; round++) {
      var left = model();
      var right = model();
      long marker = log.head();
      var writesLeft = log.append(append(right, marker, archived(left, null)));
      var writesRight = log.append(append(left, marker, archived(right, null)));
      assertThat(Stream.of(writesLeft, writesRight).map(this::outcome))
          .hasAtLeastOneElementOfType(Appended.class)
          .hasAtLeastOneElementOfType(AppendConflictException.class);
    }
  }

  @Test
  void everyGuardHoldsByItsOwnMarker() {
    var left = model();
    var right = model();
    done(append(archived(left, null)));
    done(append(archived(right, null)));
    var event = archived(model(), null);
    // The event of the left stands at 0, the one of the right at 1.
    assertConflict(guarded(event, new Guard(Events.of(left), 1), new Guard(Events.of(right), 1)));
    assertConflict(guarded(event, new Guard(Events.of(right), 2), new Guard(Events.of(left), 0)));
    assertThat(
            done(guarded(event, new Guard(Events.of(left), 1), new Guard(Events.of(right), 2)))
                .firstPosition())
        .isEqualTo(2);
  }

  @Test
  void aGuardNamesTypesAndAllOfItsTags() {
    var model = model();
    var version = new VersionId(UUID.randomUUID());
    done(append(archived(model, null), stored(model, version)));
    var event = archived(model(), null);
    var both = Set.of(model.tag(), version.tag());
    assertConflict(guarded(event, guard(0, Criterion.of(model.tag(), Events.ARCHIVED))));
    assertConflict(guarded(event, guard(1, new Criterion(both, Set.of()))));
    assertConflict(guarded(event, guard(1, new Criterion(Set.of(), Set.of(Events.STORED)))));
    assertConflict(guarded(event, guard(1, new Criterion(Set.of(), Set.of()))));
    assertConflict(
        guarded(
            event,
            guard(1, Criterion.of(model().tag()), Criterion.of(model.tag(), Events.STORED))));
    var holds =
        List.of(
            guard(1, Criterion.of(model.tag(), Events.ARCHIVED)),
            guard(2, new Criterion(both, Set.of())),
            guard(0, new Criterion(both, Set.of(Events.ARCHIVED))),
            guard(1, new Criterion(Set.of(), Set.of(Events.ARCHIVED))),
            guard(0));
    assertThat(done(new Append(List.of(event), holds)).firstPosition()).isEqualTo(2);
  }

  @Test
  void anAppendDoesNotConflictWithItsOwnEvents() {
    var model = model();
    assertThat(done(append(model, 0, archived(model, null), archived(model, null))).marker())
        .isEqualTo(2);
  }

  @Test
  void aConflictWritesNothingOfTheAppend() {
    var model = model();
    done(append(archived(model, null)));
    var events = List.of(archived(model, null), archived(model(), null));
    assertConflict(new Append(events, List.of(new Guard(Events.of(model), 0))));
    assertThat(log.head()).isEqualTo(1);
    events.forEach(event -> assertThat(log.event(event.id())).isEmpty());
  }

  @Test
  void tagsOfAnotherWorkspaceNeitherConflictNorAreFound() {
    var model = model();
    done(append(archived("other", model, null)));
    assertThat(log.source(Events.of(model), 0).events()).isEmpty();
    assertThat(done(append(model, 0, archived(model, null))).firstPosition()).isEqualTo(1);
    assertThat(log.source(Events.of(model), 0).events())
        .extracting(RecordedEvent::position)
        .containsExactly(1L);
    assertThat(log.source(Query.of("other", new Criterion(Set.of(), Set.of())), 0).events())
        .extracting(RecordedEvent::position)
        .containsExactly(0L);
    assertConflict(
        guarded(archived(model, null), new Guard(Query.of("other", Criterion.of(model.tag())), 0)));
  }

  // Refusals ----------------------------------------------------------------------------------

  @Test
  void aPoisonedAppendFailsAloneAmongThoseThatWaitWithIt() {
    var twice = archived(model(), null);
    done(append(twice));
    var good = new ArrayList<CompletableFuture<Appended>>();
    var poisoned = new ArrayList<CompletableFuture<Appended>>();
    for (int i = 0; i < 60; i++) {
      good.add(log.append(append(archived(model(), null))));
      if (i % 20 == 10) {
        // Nobody but the store itself can know that the id is taken.
        poisoned.add(log.append(append(archived(model(), null), twice)));
      }
    }
    assertThat(good.stream().map(this::outcome)).hasOnlyElementsOfType(Appended.class);
    assertThat(poisoned.stream().map(this::outcome))
        .hasOnlyElementsOfType(AppendRefusedException.class);
    assertGapless(61);
  }

  @Test
  void anIdIsAppendedOnce() {
    var event = archived(model(), null);
    done(append(event));
    assertRefused(append(event));
    var other = archived(model(), null);
    assertRefused(append(other, other));
    assertThat(log.head()).isEqualTo(1);
  }

  @Test
  void whatIsOverTheLimitsIsRefusedAndWhatIsAtThemIsTaken() {
    var tags =
        IntStream.range(0, LogLimits.TAGS)
            .mapToObj(i -> new Tag("extra", Integer.toString(i)))
            .toArray(Tag[]::new);
    assertRefused(append(archived(model(), null, tags)));
    assertRefused(
        append(archived(model(), "x".repeat(LogLimits.SECTION_BYTES), new Tag("a", "b"))));
    assertThat(log.head()).isZero();
    done(append(archived(model(), null, Arrays.copyOf(tags, LogLimits.TAGS - 1))));
    // {"reason":""} is the rest of the section.
    var longest = "x".repeat(LogLimits.SECTION_BYTES - 13);
    done(append(archived(model(), longest)));
    assertThat(log.event(1).orElseThrow().event())
        .isInstanceOfSatisfying(
            ModelArchived.class, event -> assertThat(event.reason()).isEqualTo(longest));
    assertRefused(append(archived(model(), longest + "x")));
  }

  @Test
  void anEnvelopeOverItsLimitIsRefused() {
    var metadata = Events.metadata(DEFAULT);
    var wide =
        new EventMetadata(
            DEFAULT,
            metadata.actor(),
            null,
            "x".repeat(LogLimits.ENVELOPE_BYTES),
            null,
            metadata.correlation(),
            null,
            null,
            null);
    var event = archived(model(), null);
    assertRefused(append(new NewEvent(event.id(), event.event(), Set.of(), wide)));
    done(append(event));
  }

  @Test
  void textThatHasNoUtf8IsRefusedAndTheNextAppendWorks() {
    assertRefused(append(archived(model(), "half a pair \ud83d")));
    assertRefused(append(archived(model(), "NUL \0")));
    assertRefused(append(archived("half \ud83d", model(), null)));
    assertThat(log.head()).isZero();
    done(append(archived(model(), "\\u0000 is only its spelling")));
  }

  // ------------------------------------------------------------------------------------------

  private void assertGapless(int size) {
    var all = new ArrayList<RecordedEvent>();
    for (var page = log.read(0, 100); !page.isEmpty(); page = log.read(all.size(), 100)) {
      all.addAll(page);
    }
    assertThat(all)
        .extracting(RecordedEvent::position)
        .containsExactlyElementsOf(LongStream.range(0, size).boxed().toList());
    assertThat(new HashSet<>(all.stream().map(RecordedEvent::id).toList())).hasSize(size);
    assertThat(all).extracting(RecordedEvent::recordedAt).isSorted();
    assertThat(log.head()).isEqualTo(size);
  }

  private List<Long> positions(Criterion... criteria) {
    return log.source(Query.of(DEFAULT, criteria), 0).events().stream()
        .map(RecordedEvent::position)
        .toList();
  }

  private static Guard guard(long marker, Criterion... criteria) {
    return new Guard(Query.of(DEFAULT, criteria), marker);
  }

  private static Append guarded(NewEvent event, Guard... guards) {
    return new Append(List.of(event), List.of(guards));
  }

  private void assertConflict(Append append) {
    assertThatThrownBy(() -> done(append)).isInstanceOf(AppendConflictException.class);
  }

  private void assertRefused(Append append) {
    assertThatThrownBy(() -> done(append)).isInstanceOf(AppendRefusedException.class);
  }

  private Appended done(Append append) {
    return done(log.append(append));
  }

  private Appended done(CompletableFuture<Appended> appending) {
    try {
      return appending.get(patience().toSeconds(), SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e);
    } catch (TimeoutException e) {
      throw new AssertionError("No answer after " + patience(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  private Object outcome(CompletableFuture<Appended> appending) {
    try {
      return done(appending);
    } catch (RuntimeException e) {
      return e;
    }
  }
}
