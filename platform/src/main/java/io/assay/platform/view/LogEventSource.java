package io.assay.platform.view;

import io.assay.eventlog.EventLog;
import io.assay.eventlog.RecordedEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.axonframework.messaging.core.Context;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.core.SimpleEntry;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.token.GlobalSequenceTrackingToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.axonframework.messaging.eventstreaming.StreamableEventSource;
import org.axonframework.messaging.eventstreaming.StreamingCondition;
import org.jspecify.annotations.Nullable;

/**
 * Streams the log to Axon's processors. Tokens bear the next position.
 *
 * <p>Who does not want every event is given, of those between, now and then the last: its token is
 * to tell how far it has read, but not in a transaction for each event that does not concern it.
 */
final class LogEventSource implements StreamableEventSource {

  /** The one name under which views subscribe: the payload is a {@link RecordedEvent}. */
  static final MessageType RECORDED = new MessageType(RecordedEvent.class);

  /** How long a token may stay behind events that nobody wants. */
  private static final Duration PASSING = Duration.ofSeconds(1);

  /**
   * Events that may wait for the view. Axon holds 1024; where it is full it looks again 100 ms
   * later, by when a fast view has long been idle.
   */
  private static final int WAITING = 1_000;

  /** Without any progress for so long, what was handed out is given up for lost. */
  private static final Duration LOST = Duration.ofSeconds(5);

  private final EventLog log;
  private final int page;
  private final Predicate<RecordedEvent> wanted;
  private final InstantSource clock;
  private volatile @Nullable Tail latest;

  /**
   * @param page events that are read at a time
   * @param wanted which are streamed without fail
   */
  LogEventSource(EventLog log, int page, Predicate<RecordedEvent> wanted, InstantSource clock) {
    this.log = log;
    this.page = page;
    this.wanted = wanted;
    this.clock = clock;
  }

  @Override
  public MessageStream<EventMessage> open(
      StreamingCondition condition, @Nullable ProcessingContext context) {
    var tail = new Tail(condition.position().position().orElse(0));
    latest = tail;
    return tail;
  }

  /** So many events that were streamed are dealt with: as many more may come. */
  void processed(int events) {
    var tail = latest;
    if (tail != null) {
      tail.processed(events);
    }
  }

  @Override
  public CompletableFuture<TrackingToken> firstToken(@Nullable ProcessingContext context) {
    return CompletableFuture.completedFuture(new GlobalSequenceTrackingToken(0));
  }

  @Override
  public CompletableFuture<TrackingToken> latestToken(@Nullable ProcessingContext context) {
    return CompletableFuture.completedFuture(new GlobalSequenceTrackingToken(log.head()));
  }

  @Override
  public CompletableFuture<TrackingToken> tokenAt(Instant at, @Nullable ProcessingContext context) {
    long low = 0;
    long high = log.head();
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (log.event(middle).orElseThrow().recordedAt().isBefore(at)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return CompletableFuture.completedFuture(new GlobalSequenceTrackingToken(low));
  }

  /**
   * An endless stream: what is there, then what comes. The log is asked after a wake-up only: what
   * comes while a batch is in work comes with the next one, whole.
   */
  private final class Tail implements MessageStream<EventMessage> {

    private final Deque<RecordedEvent> read = new ArrayDeque<>();
    private final EventLog.Subscription wakeUps;
    private volatile boolean behind = true;
    private long next;
    private Instant streamed = clock.instant();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile Instant progressed = clock.instant();
    private volatile @Nullable Runnable callback;

    /** The last event that was read, where it was not wanted. */
    private @Nullable RecordedEvent passed;

    private boolean closed;
    private @Nullable Throwable failure;

    Tail(long from) {
      this.next = from;
      this.wakeUps = log.onAppend(this::wake);
    }

    @Override
    public synchronized Optional<Entry<EventMessage>> next() {
      if (!hasNextAvailable()) {
        return Optional.empty();
      }
      waiting.incrementAndGet();
      return Optional.of(entry(read.remove()));
    }

    @Override
    public synchronized Optional<Entry<EventMessage>> peek() {
      return hasNextAvailable() ? Optional.of(entry(read.element())) : Optional.empty();
    }

    @Override
    public synchronized boolean hasNextAvailable() {
      if (waiting.get() >= WAITING) {
        if (clock.instant().isBefore(progressed.plus(LOST))) {
          return false;
        }
        waiting.set(0);
        progressed = clock.instant();
      }
      fill();
      return !read.isEmpty();
    }

    /** Without the lock, which who reads ahead holds for as long as the log takes to answer. */
    void processed(int events) {
      int before = waiting.getAndUpdate(count -> Math.max(0, count - events));
      progressed = clock.instant();
      if (before >= WAITING) {
        call();
      }
    }

    private void wake() {
      behind = true;
      call();
    }

    private void call() {
      var waking = callback;
      if (waking != null) {
        waking.run();
      }
    }

    @Override
    public synchronized void setCallback(Runnable callback) {
      this.callback = callback;
      if (!closed) {
        callback.run();
      }
    }

    @Override
    public synchronized Optional<Throwable> error() {
      return Optional.ofNullable(failure);
    }

    @Override
    public synchronized boolean isCompleted() {
      return closed || failure != null;
    }

    @Override
    public synchronized void close() {
      closed = true;
      read.clear();
      wakeUps.close();
    }

    private void fill() {
      if (!read.isEmpty() || isCompleted()) {
        return;
      }
      try {
        while (behind && read.isEmpty() && !(passed != null && isDue())) {
          behind = false;
          var events = log.follow(next, page);
          events.forEach(this::take);
          next += events.size();
          behind |= events.size() == page;
        }
        if (passed != null && isDue()) {
          read.add(passed);
          passed = null;
        }
        if (!read.isEmpty()) {
          streamed = clock.instant();
        }
      } catch (RuntimeException e) {
        failure = e;
      }
    }

    private boolean isDue() {
      return !clock.instant().isBefore(streamed.plus(PASSING));
    }

    private void take(RecordedEvent event) {
      if (wanted.test(event)) {
        read.add(event);
        passed = null;
      } else {
        passed = event;
      }
    }

    private static Entry<EventMessage> entry(RecordedEvent event) {
      var message =
          new GenericEventMessage(
              event.id().toString(),
              RECORDED,
              event,
              java.util.Map.<String, String>of(),
              event.recordedAt());
      return new SimpleEntry<>(
          message,
          TrackingToken.addToContext(
              Context.empty(), new GlobalSequenceTrackingToken(event.position() + 1)));
    }
  }
}
