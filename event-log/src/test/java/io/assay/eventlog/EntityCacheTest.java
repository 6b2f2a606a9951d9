package io.assay.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.Sha256;
import io.assay.contracts.Tag;
import io.assay.eventlog.testing.TestEvents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EntityCacheTest {

  private static final Query QUERY = Query.of("default", Criterion.of(new Tag("thing", "t")));

  private final Scripted log = new Scripted();
  private final EntityCache cache = new EntityCache(log, 10);

  private EntityCache.Entity<Integer> count() {
    return cache.current(QUERY, 1, 0, (state, event) -> state + 1);
  }

  @Test
  void readsOnlyWhatCameAfter() {
    log.grow(3);
    assertThat(count()).isEqualTo(new EntityCache.Entity<>(3, 3));
    log.grow(2);
    assertThat(count()).isEqualTo(new EntityCache.Entity<>(5, 5));
    assertThat(count()).isEqualTo(new EntityCache.Entity<>(5, 5));
    assertThat(log.asked).containsExactly(0L, 3L, 5L);
  }

  @Test
  void anEventExactlyAtTheCachedMarkerIsNotMissed() {
    assertThat(count()).isEqualTo(new EntityCache.Entity<>(0, 0));
    log.grow(1);
    assertThat(count()).isEqualTo(new EntityCache.Entity<>(1, 1));
  }

  @Test
  void forgetsWhenTheHeadGoesBack() {
    log.grow(5);
    count();
    log.events.subList(2, 5).clear();
    assertThat(count()).isEqualTo(new EntityCache.Entity<>(2, 2));
  }

  @Test
  void forgetsWhenTheEpochIsAnother() {
    log.grow(5);
    count();
    log.events.clear();
    log.grow(6);
    log.identity = new LogIdentity(log.identity.log(), 2);
    assertThat(count()).isEqualTo(new EntityCache.Entity<>(6, 6));
    assertThat(log.asked).endsWith(5L, 0L);
  }

  @Test
  void statesOfOtherCodeAreOtherStates() {
    log.grow(2);
    count();
    assertThat(cache.current(QUERY, 2, 100, (state, event) -> state + 1).state()).isEqualTo(102);
  }

  /** A log in memory that says what it was asked for. */
  private static final class Scripted implements EventLog {

    final List<RecordedEvent> events = new ArrayList<>();
    final List<Long> asked = new ArrayList<>();
    LogIdentity identity = new LogIdentity(new UUID(1, 1), 1);

    void grow(int count) {
      for (int i = 0; i < count; i++) {
        events.add(
            new RecordedEvent(
                events.size(),
                UUID.randomUUID(),
                "Noted",
                1,
                TestEvents.noted("t"),
                TestEvents.METADATA,
                Instant.EPOCH,
                "registry",
                Set.of(new Tag("thing", "t")),
                Sha256.of(new byte[0])));
      }
    }

    @Override
    public Sourced source(Query query, long fromPosition) {
      asked.add(fromPosition);
      int from = (int) Math.min(fromPosition, events.size());
      return new Sourced(List.copyOf(events.subList(from, events.size())), events.size());
    }

    @Override
    public LogIdentity identity() {
      return identity;
    }

    @Override
    public CompletableFuture<Appended> append(Append append) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<RecordedEvent> read(long fromPosition, int limit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<RecordedEvent> event(long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<RecordedEvent> event(UUID id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long head() {
      return events.size();
    }

    @Override
    public Subscription onAppend(Runnable wakeUp) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
