package io.assay.platform.view;

import io.assay.eventlog.EventLog;
import io.assay.eventlog.RecordedEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
 * Streams the whole log to Axon's processors. Every view sees every position, also of types that it
 * ignores, so that its token tells how far it has read. Tokens bear the next position.
 */
final class LogEventSource implements StreamableEventSource {

  /** The one name under which views subscribe: the payload is a {@link RecordedEvent}. */
  static final MessageType RECORDED = new MessageType(RecordedEvent.class);

  private final EventLog log;
  private final int page;

  LogEventSource(EventLog log, int page) {
    this.log = log;
    this.page = page;
  }

  @Override
  public MessageStream<EventMessage> open(
      StreamingCondition condition, @Nullable ProcessingContext context) {
    return new Tail(condition.position().position().orElse(0));
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

  /** An endless stream: what is there, then what comes. */
  private final class Tail implements MessageStream<EventMessage> {

    private final Deque<RecordedEvent> read = new ArrayDeque<>();
    private long next;
    private boolean closed;
    private @Nullable Throwable failure;
    private EventLog.@Nullable Subscription wakeUp;

    Tail(long from) {
      this.next = from;
    }

    @Override
    public synchronized Optional<Entry<EventMessage>> next() {
      fill();
      return Optional.ofNullable(read.poll()).map(Tail::entry);
    }

    @Override
    public synchronized Optional<Entry<EventMessage>> peek() {
      fill();
      return Optional.ofNullable(read.peek()).map(Tail::entry);
    }

    @Override
    public synchronized boolean hasNextAvailable() {
      fill();
      return !read.isEmpty();
    }

    @Override
    public synchronized void setCallback(Runnable callback) {
      if (wakeUp != null) {
        wakeUp.close();
      }
      wakeUp = closed ? null : log.onAppend(callback);
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
      if (wakeUp != null) {
        wakeUp.close();
        wakeUp = null;
      }
    }

    private void fill() {
      if (!read.isEmpty() || isCompleted()) {
        return;
      }
      try {
        var events = log.follow(next, page);
        read.addAll(events);
        next += events.size();
      } catch (RuntimeException e) {
        failure = e;
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
