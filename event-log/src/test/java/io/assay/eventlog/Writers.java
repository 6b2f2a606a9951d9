package io.assay.eventlog;

import io.assay.contracts.ModelId;
import io.assay.contracts.Tag;
import io.assay.eventlog.testing.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writers that load a log until they are closed.
 *
 * <p>Hot ones count: each sources the events of one model, decides its number by how many there
 * are, and appends it under that guard; the n-th event of that model therefore bears the number n,
 * or a conflict was overlooked. Wide ones append up to three events with many tags and no guard.
 * Closing fails if a writer met anything but conflicts and an absent server.
 */
final class Writers implements AutoCloseable {

  /** What a writer was told is durable. */
  record Acknowledged(UUID id, long position) {}

  /** How many of the writers are hot. */
  private static final int HOT_OF = 4;

  private static final int WIDE_TAGS = 12;
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final EventLog log;
  private final ModelId hot;
  private final Consumer<Acknowledged> acknowledged;
  private final List<Thread> threads;
  private volatile boolean stopped;
  private volatile @Nullable IllegalStateException failure;

  Writers(EventLog log, int count, ModelId hot, Consumer<Acknowledged> acknowledged) {
    this.log = log;
    this.hot = hot;
    this.acknowledged = acknowledged;
    this.threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Runnable work = i % HOT_OF == 0 ? this::count : this::spread;
      threads.add(Thread.ofVirtual().name("writer-" + i).start(work));
    }
  }

  private void count() {
    long number = 0;
    long marker = 0;
    while (!stopped) {
      try {
        var sourced = log.source(Events.of(hot), marker);
        number += sourced.events().size();
        marker = sourced.marker();
        var event = Events.archived(hot, Long.toString(number));
        marker = write(Events.append(hot, marker, event)).marker();
        number++;
      } catch (CompletionException e) {
        if (!(e.getCause() instanceof AppendConflictException)) {
          failed(e.getCause());
        }
      } catch (LogUnavailableException e) {
        failed(e);
      }
    }
  }

  private void spread() {
    while (!stopped) {
      var events =
          Stream.generate(() -> Events.archived(Events.model(), "wide", tags()))
              .limit(ThreadLocalRandom.current().nextInt(1, 4))
              .toArray(NewEvent[]::new);
      try {
        write(Events.append(events));
      } catch (CompletionException e) {
        failed(e.getCause());
      }
    }
  }

  private Appended write(Append append) {
    var appended = log.append(append).join();
    for (int i = 0; i < append.events().size(); i++) {
      acknowledged.accept(
          new Acknowledged(append.events().get(i).id(), appended.firstPosition() + i));
    }
    return appended;
  }

  /** A server may be gone for a while; nothing else may fail. */
  private void failed(@Nullable Throwable cause) {
    if (cause instanceof LogUnavailableException || cause instanceof AppendUncertainException) {
      LockSupport.parkNanos(PAUSE.toNanos());
    } else {
      failure = new IllegalStateException("A writer failed", cause);
      stopped = true;
    }
  }

  private static Tag[] tags() {
    return Stream.generate(() -> new Tag("wide", UUID.randomUUID().toString()))
        .limit(WIDE_TAGS)
        .toArray(Tag[]::new);
  }

  @Override
  public void close() {
    stopped = true;
    for (var thread : threads) {
      try {
        thread.join(Duration.ofSeconds(30));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    var failed = failure;
    if (failed != null) {
      throw failed;
    }
  }
}
