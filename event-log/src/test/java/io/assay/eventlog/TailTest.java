package io.assay.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assay.contracts.Event;
import io.assay.contracts.GovernanceEvent.ErasureOrdered;
import io.assay.contracts.Sha256;
import io.assay.contracts.Tag;
import io.assay.eventlog.testing.TestEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TailTest {

  private static final Tag ODD = new Tag("parity", "odd");
  private static final Tag EVEN = new Tag("parity", "even");
  private static final int BYTES = 100;

  private final Stored stored = new Stored();
  private Tail tail = open(1_000, 1_000_000);

  private Tail open(int events, long bytes) {
    return new Tail(stored, events, bytes, Tail.PACE);
  }

  @AfterEach
  void close() {
    tail.close();
  }

  @Test
  void beginsAtTheHeadAndSaysWhatItDoesNotHave() {
    begin(5, 1_000, 1_000_000);
    assertThat(tail.from(4, 10)).isEmpty();
    assertThat(tail.from(5, 10)).contains(List.of());
    assertThat(tail.from(6, 10)).isEmpty();
    grow(2);
    assertThat(tail.from(5, 10).orElseThrow()).hasSize(2);
    assertThat(tail.from(5, 1).orElseThrow()).hasSize(1);
  }

  @Test
  void dropsTheOldestBeyondItsNumberOfEvents() {
    begin(0, 3, 1_000_000);
    grow(5);
    assertThat(tail.from(1, 10)).isEmpty();
    assertThat(positions(tail.from(2, 10))).containsExactly(2L, 3L, 4L);
    assertThat(tail.at(1)).isEmpty();
    assertThat(tail.at(2)).isPresent();
  }

  @Test
  void dropsTheOldestBeyondItsBytes() {
    begin(0, 1_000, 3 * BYTES);
    grow(5);
    assertThat(tail.from(1, 10)).isEmpty();
    assertThat(positions(tail.from(2, 10))).containsExactly(2L, 3L, 4L);
  }

  @Test
  void forgetsEverythingWhenItsLastEventIsAnother() {
    begin(0, 1_000, 1_000_000);
    grow(3);
    stored.replace(2);
    wake();
    await().until(() -> tail.from(0, 10).isEmpty());
    grow(1);
    assertThat(positions(tail.from(3, 10))).containsExactly(3L);
  }

  @Test
  void forgetsEverythingWhenTheHeadHasGoneBack() {
    begin(0, 1_000, 1_000_000);
    grow(3);
    stored.cut(1);
    wake();
    await().until(() -> tail.from(1, 10).equals(Optional.of(List.of())));
    assertThat(tail.from(0, 10)).isEmpty();
  }

  @Test
  void hasNothingOfWhatIsErasedAnyMore() {
    begin(0, 1_000, 1_000_000);
    grow(4);
    stored.add(new ErasureOrdered(List.of(1L), "asked for"), Set.of());
    wake();
    await().until(() -> tail.at(4).isPresent());
    assertThat(tail.at(1)).isEmpty();
    assertThat(tail.from(1, 10)).isEmpty();
    assertThat(positions(tail.from(2, 10))).containsExactly(2L, 3L, 4L);
  }

  @Test
  void findsWhatTheLogFinds() {
    begin(0, 30, 1_000_000);
    grow(100);
    var random = new Random(42);
    for (int i = 0; i < 200; i++) {
      var criteria = new ArrayList<Criterion>();
      for (int c = random.nextInt(3); c >= 0; c--) {
        criteria.add(
            new Criterion(
                random.nextBoolean()
                    ? Set.of(random.nextBoolean() ? ODD : EVEN)
                    : Set.of(new Tag("third", "" + random.nextInt(4)), EVEN),
                random.nextBoolean() ? Set.of() : Set.of("Noted")));
      }
      if (random.nextInt(5) == 0) {
        criteria.add(new Criterion(Set.of(), Set.of("Noted")));
      }
      var query = new Query("default", criteria);
      long from = 70 + random.nextInt(30);
      assertThat(tail.matching(query, from, 100).orElseThrow())
          .isEqualTo(new Sourced(stored.matching(query, from), 100));
    }
    assertThat(
            tail.matching(Query.of("another", Criterion.of(ODD)), 70, 100).orElseThrow().events())
        .isEmpty();
    assertThat(tail.matching(Query.of("default", Criterion.of(ODD)), 69, 100)).isEmpty();
  }

  @Test
  void waitsForWhatTheLogHasAlready() throws Exception {
    begin(0, 1_000, 1_000_000);
    var asked =
        CompletableFuture.supplyAsync(
            () -> tail.matching(Query.of("default", Criterion.of(EVEN)), 0, 1));
    grow(1);
    assertThat(asked.get().orElseThrow().events()).hasSize(1);
    assertThat(tail.matching(Query.of("default", Criterion.of(EVEN)), 0, 2)).isEmpty();
  }

  @Test
  void wakesWhoFollowsAndReadsOnceForAll() {
    begin(0, 1_000, 1_000_000);
    var woken = new CopyOnWriteArrayList<Integer>();
    for (int follower = 0; follower < 3; follower++) {
      int number = follower;
      tail.onGrowth(() -> woken.add(number));
    }
    grow(10);
    await().until(() -> woken.containsAll(List.of(0, 1, 2)));
    int before = stored.readings;
    for (int follower = 0; follower < 3; follower++) {
      assertThat(tail.from(0, 10).orElseThrow()).hasSize(10);
    }
    assertThat(stored.readings).isEqualTo(before);
  }

  @Test
  void inARushFollowersRestUntilTheyAreUrged() {
    var seen = followedAtPace(new Tail.Pace(Duration.ofMillis(25), 2, Duration.ofHours(1)));
    tail.appended(stored.grown(100));
    await().until(() -> seen.get() == 100);
    tail.appended(stored.grown(1));
    await().during(Duration.ofMillis(300)).until(() -> seen.get() == 100);
    tail.urge();
    await().until(() -> seen.get() == 101);
  }

  @Test
  void whereFewEventsComeFollowersDoNotRest() {
    var seen = followedAtPace(new Tail.Pace(Duration.ofMillis(25), 1_000, Duration.ofHours(1)));
    for (int i = 1; i <= 3; i++) {
      int all = i;
      tail.appended(stored.grown(1));
      await().until(() -> seen.get() == all);
    }
  }

  @Test
  void whatIsHandedOverIsHereAtOnceAndWokenForWithoutAReading() {
    begin(2, 1_000, 1_000_000);
    var woken = new CompletableFuture<Void>();
    tail.onGrowth(() -> woken.complete(null));
    int before = stored.readings;
    tail.appended(stored.grown(3));
    assertThat(positions(tail.from(2, 10))).containsExactly(2L, 3L, 4L);
    assertThat(woken).succeedsWithin(Duration.ofSeconds(10));
    assertThat(stored.readings).isEqualTo(before);
  }

  @Test
  void whatDoesNotFollowOnWhatIsHereIsRead() {
    begin(0, 1_000, 1_000_000);
    stored.grown(2);
    tail.appended(stored.grown(2));
    await().until(() -> tail.at(3).isPresent());
    assertThat(positions(tail.from(0, 10))).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void whatWasReadBeforeItIsHandedOverIsHereOnce() {
    begin(0, 1_000, 1_000_000);
    grow(2);
    var rest = stored.grown(1);
    var all = new ArrayList<>(stored.read(0, 2));
    all.addAll(rest);
    tail.appended(all);
    assertThat(positions(tail.from(0, 10))).containsExactly(0L, 1L, 2L);
    assertThat(tail.matching(Query.of("default", Criterion.of(EVEN)), 0, 3).orElseThrow().events())
        .hasSize(2);
  }

  @Test
  void whatIsNotKnownIsRead() {
    begin(0, 1_000, 1_000_000);
    stored.grown(1);
    tail.appended(List.of());
    await().until(() -> tail.at(0).isPresent());
  }

  @Test
  void goesOnWhenTheLogCouldNotBeRead() {
    begin(0, 1_000, 1_000_000);
    grow(2);
    stored.broken = true;
    wake();
    await().until(() -> tail.from(2, 10).isEmpty());
    stored.broken = false;
    wake();
    await().until(() -> tail.from(2, 10).isPresent());
  }

  private void begin(int events, int maximumEvents, long maximumBytes) {
    tail.close();
    for (int i = 0; i < events; i++) {
      stored.add();
    }
    tail = open(maximumEvents, maximumBytes);
    wake();
    await().until(() -> tail.from(events, 1).isPresent());
  }

  /** How many events a follower has seen when it was woken last. */
  private AtomicLong followedAtPace(Tail.Pace pace) {
    tail.close();
    tail = new Tail(stored, 1_000, 1_000_000, pace);
    wake();
    await().until(() -> tail.from(0, 1).isPresent());
    var seen = new AtomicLong();
    tail.onGrowth(() -> tail.from(0, 1_000).ifPresent(events -> seen.set(events.size())));
    return seen;
  }

  private void grow(int events) {
    for (int i = 0; i < events; i++) {
      stored.add();
    }
    long last = stored.head() - 1;
    wake();
    await().until(() -> tail.at(last).isPresent());
  }

  private void wake() {
    tail.grown();
  }

  private static List<Long> positions(Optional<List<RecordedEvent>> events) {
    return events.orElseThrow().stream().map(RecordedEvent::position).toList();
  }

  /** What a database would hold. */
  private static final class Stored implements Tail.Source {

    private final List<RecordedEvent> events = new CopyOnWriteArrayList<>();
    private volatile int readings;
    private volatile boolean broken;

    void add() {
      long position = events.size();
      add(
          TestEvents.noted("t"),
          Set.of(position % 2 == 0 ? EVEN : ODD, new Tag("third", "" + position % 3)));
    }

    void add(Event event, Set<Tag> tags) {
      events.add(recorded(events.size(), event, tags));
    }

    /** So many more, as whoever appended them hands them over. */
    List<Tail.Read> grown(int more) {
      long first = head();
      for (int i = 0; i < more; i++) {
        add();
      }
      return events.stream().skip(first).map(event -> new Tail.Read(event, BYTES)).toList();
    }

    void replace(int position) {
      events.set(position, recorded(position, TestEvents.noted("other"), Set.of(ODD)));
    }

    void cut(int head) {
      events.subList(head, events.size()).clear();
    }

    private static RecordedEvent recorded(long position, Event event, Set<Tag> tags) {
      return new RecordedEvent(
          position,
          UUID.randomUUID(),
          position % 5 == 0 ? "Counted" : "Noted",
          1,
          event,
          TestEvents.METADATA,
          Instant.EPOCH,
          "registry",
          tags,
          Sha256.of(new byte[0]));
    }

    List<RecordedEvent> matching(Query query, long from) {
      return events.stream()
          .filter(event -> event.position() >= from)
          .filter(
              event ->
                  query.criteria().stream()
                      .anyMatch(
                          criterion ->
                              event.tags().containsAll(criterion.tags())
                                  && (criterion.types().isEmpty()
                                      || criterion.types().contains(event.type()))))
          .toList();
    }

    @Override
    public List<Tail.Read> read(long fromPosition, int limit) {
      readings++;
      if (broken) {
        throw new LogUnavailableException("gone", new java.sql.SQLException());
      }
      return events.stream()
          .skip(fromPosition)
          .limit(limit)
          .map(event -> new Tail.Read(event, BYTES))
          .toList();
    }

    @Override
    public long head() {
      return events.size();
    }
  }
}
