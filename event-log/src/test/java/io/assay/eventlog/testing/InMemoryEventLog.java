package io.assay.eventlog.testing;

import io.assay.contracts.Event;
import io.assay.contracts.EventCatalogue;
import io.assay.contracts.EventJson;
import io.assay.contracts.Sha256;
import io.assay.contracts.Writer;
import io.assay.eventlog.Append;
import io.assay.eventlog.AppendConflictException;
import io.assay.eventlog.AppendRefusedException;
import io.assay.eventlog.Appended;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.Guard;
import io.assay.eventlog.LogIdentity;
import io.assay.eventlog.LogLimits;
import io.assay.eventlog.NewEvent;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.eventlog.Sourced;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An event log in memory, for tests that do not need a database. It passes {@link
 * EventLogConformance}; it hashes no envelopes, so that its leaves are those of the ids alone.
 */
public class InMemoryEventLog implements EventLog {

  private final EventJson json = new EventJson(EventCatalogue.assay());
  private final LogIdentity identity = new LogIdentity(UUID.randomUUID(), 1);
  private final List<RecordedEvent> events = new ArrayList<>();
  private final List<Runnable> subscribers = new CopyOnWriteArrayList<>();

  @Override
  public CompletableFuture<Appended> append(Append append) {
    try {
      Appended appended;
      synchronized (events) {
        check(append);
        append.guards().forEach(this::check);
        long first = events.size();
        append.events().forEach(event -> record(events, recorded(event)));
        appended = new Appended(first, first + append.events().size() - 1);
      }
      subscribers.forEach(Runnable::run);
      return CompletableFuture.completedFuture(appended);
    } catch (AppendConflictException | AppendRefusedException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Puts the event into the store. */
  protected void record(List<RecordedEvent> store, RecordedEvent event) {
    store.add(event);
  }

  /** Whether the event, which matches the guard's query, breaks the guard. */
  protected boolean breaks(Guard guard, RecordedEvent event) {
    return event.position() >= guard.marker();
  }

  /** Whether the event is one of the query's. */
  protected boolean matches(Query query, RecordedEvent event) {
    return event.metadata().workspace().equals(query.workspace())
        && query.criteria().stream().anyMatch(criterion -> matches(criterion, event));
  }

  private static boolean matches(Criterion criterion, RecordedEvent event) {
    return event.tags().containsAll(criterion.tags())
        && (criterion.types().isEmpty() || criterion.types().contains(event.type()));
  }

  private RecordedEvent recorded(NewEvent event) {
    var entry = json.catalogue().entry(event.event().getClass());
    var sections = json.write(event.event());
    var read = json.read(entry.type(), entry.version(), sections.payload(), sections.text());
    return new RecordedEvent(
        events.size(),
        event.id(),
        entry.type(),
        entry.version(),
        read,
        event.metadata(),
        Instant.now().truncatedTo(ChronoUnit.MICROS),
        entry.writers().stream().map(Writer::service).sorted().findFirst().orElseThrow(),
        event.tags(),
        Sha256.of(event.id().toString().getBytes(StandardCharsets.UTF_8)));
  }

  private void check(Append append) {
    var ids = new HashSet<UUID>();
    events.forEach(event -> ids.add(event.id()));
    for (var event : append.events()) {
      if (!ids.add(event.id())) {
        throw new AppendRefusedException("The id " + event.id() + " is taken");
      }
      check(event);
    }
  }

  private void check(NewEvent event) {
    try {
      section(event.event());
      var metadata = new String(EventJson.canonical(event.metadata()), StandardCharsets.UTF_8);
      if (event.tags().size() > LogLimits.TAGS
          || metadata.length() + 1_000 > LogLimits.ENVELOPE_BYTES) {
        throw new AppendRefusedException("Over the limits");
      }
    } catch (IllegalArgumentException e) {
      throw new AppendRefusedException(String.valueOf(e.getMessage()), e);
    }
  }

  private void section(Event event) {
    var sections = json.write(event);
    if (sections.payload().length > LogLimits.SECTION_BYTES
        || (sections.text() != null && sections.text().length > LogLimits.SECTION_BYTES)) {
      throw new AppendRefusedException("Over the limits");
    }
  }

  private void check(Guard guard) {
    if (guard.marker() > events.size()
        || events.stream().anyMatch(e -> matches(guard.query(), e) && breaks(guard, e))) {
      throw new AppendConflictException("A guard does not hold", events.size());
    }
  }

  @Override
  public Sourced source(Query query, long fromPosition) {
    synchronized (events) {
      return new Sourced(
          events.stream()
              .filter(event -> event.position() >= fromPosition && matches(query, event))
              .toList(),
          events.size());
    }
  }

  @Override
  public List<RecordedEvent> read(long fromPosition, int limit) {
    synchronized (events) {
      return events.stream().skip(fromPosition).limit(limit).toList();
    }
  }

  @Override
  public Optional<RecordedEvent> event(long position) {
    return read(position, 1).stream().findFirst();
  }

  @Override
  public Optional<RecordedEvent> event(UUID id) {
    synchronized (events) {
      return events.stream().filter(event -> event.id().equals(id)).findFirst();
    }
  }

  @Override
  public long head() {
    synchronized (events) {
      return events.size();
    }
  }

  @Override
  public LogIdentity identity() {
    return identity;
  }

  @Override
  public Subscription onAppend(Runnable wakeUp) {
    subscribers.add(wakeUp);
    return () -> subscribers.remove(wakeUp);
  }

  @Override
  public void close() {}
}
