package io.assay.eventlog;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;

/**
 * The log from a position on, without end. It asks the log only after a wake-up, and passes over
 * what does not match without reading it twice.
 */
final class LogStream implements MessageStream<EventMessage> {

  private static final int PAGE = 200;

  private final EventLog log;
  private final Predicate<RecordedEvent> matching;
  private final Function<RecordedEvent, Entry<EventMessage>> entries;
  private final EventLog.Subscription subscription;
  private final Deque<RecordedEvent> page = new ArrayDeque<>();
  private volatile boolean behind = true;
  private volatile @Nullable Runnable callback;
  private long position;
  private @Nullable Entry<EventMessage> peeked;
  private @Nullable Throwable error;
  private boolean closed;

  LogStream(
      EventLog log,
      long position,
      Predicate<RecordedEvent> matching,
      Function<RecordedEvent, Entry<EventMessage>> entries) {
    this.log = log;
    this.position = position;
    this.matching = matching;
    this.entries = entries;
    this.subscription = log.onAppend(this::wake);
  }

  private void wake() {
    behind = true;
    var waiting = callback;
    if (waiting != null) {
      waiting.run();
    }
  }

  @Override
  public synchronized Optional<Entry<EventMessage>> next() {
    var entry = peek();
    peeked = null;
    return entry;
  }

  @Override
  public synchronized Optional<Entry<EventMessage>> peek() {
    while (peeked == null && !closed && error == null && advance()) {
      var event = page.removeFirst();
      if (matching.test(event)) {
        peeked = entries.apply(event);
      }
    }
    return closed ? Optional.empty() : Optional.ofNullable(peeked);
  }

  /** Whether the page has an event, after reading another one where that may help. */
  private boolean advance() {
    if (page.isEmpty() && behind) {
      try {
        behind = false;
        page.addAll(log.follow(position, PAGE));
      } catch (RuntimeException e) {
        error = e;
        return false;
      }
      if (!page.isEmpty()) {
        position = page.getLast().position() + 1;
        behind = true;
      }
    }
    return !page.isEmpty();
  }

  @Override
  public void setCallback(Runnable callback) {
    this.callback = callback;
    if (callback != null) {
      callback.run();
    }
  }

  @Override
  public synchronized Optional<Throwable> error() {
    return Optional.ofNullable(error);
  }

  @Override
  public synchronized boolean isCompleted() {
    return closed || error != null;
  }

  @Override
  public synchronized boolean hasNextAvailable() {
    return peek().isPresent();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      page.clear();
      peeked = null;
    }
    subscription.close();
  }
}
