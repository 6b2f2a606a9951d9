package io.assay.registry.references;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.assay.contracts.Tag;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.Query;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Names that were looked up, until one of their workspace may have been erased: the log says when
 * an erasure is ordered, and for a while after it every name is looked up anew.
 */
final class Names {

  private static final long REMEMBERED = 100_000;

  /** An erasure that was ordered is carried out within. */
  private static final Duration CARRYING_OUT = Duration.ofMinutes(10);

  private record Named(String workspace, Tag tag) {}

  /** Up to where the log was asked for orders, and the time of the last one. */
  private record Orders(long marker, Instant last) {}

  private final Cache<Named, String> names = Caffeine.newBuilder().maximumSize(REMEMBERED).build();
  private final ConcurrentHashMap<String, Orders> orders = new ConcurrentHashMap<>();
  private final EventLog log;
  private final Clock clock;

  Names(EventLog log, Clock clock) {
    this.log = log;
    this.clock = clock;
  }

  /** What the tag's entity is called. */
  String get(String workspace, Tag tag, Supplier<String> lookUp) {
    var named = new Named(workspace, tag);
    if (lastOrder(workspace).plus(CARRYING_OUT).isAfter(clock.instant())) {
      names.invalidate(named);
      return lookUp.get();
    }
    return names.get(named, absent -> lookUp.get());
  }

  private Instant lastOrder(String workspace) {
    var known = orders.getOrDefault(workspace, new Orders(0, Instant.EPOCH));
    var later =
        log.recent(
            Query.of(workspace, Criterion.of(new Tag("erasure", "ordered"), "ErasureOrdered")),
            known.marker(),
            known.marker());
    var last = later.events().isEmpty() ? known.last() : later.events().getLast().recordedAt();
    if (later.marker() != known.marker()) {
      orders.put(workspace, new Orders(later.marker(), last));
    }
    if (!later.events().isEmpty()) {
      names.invalidateAll();
    }
    return last;
  }
}
