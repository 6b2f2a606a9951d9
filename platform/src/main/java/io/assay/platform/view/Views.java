package io.assay.platform.view;

import io.assay.eventlog.EventLog;
import io.assay.platform.database.Node;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.micronaut.context.BeanContext;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.inject.qualifiers.Qualifiers;
import io.micronaut.runtime.event.ApplicationStartupEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.transaction.SynchronousTransactionManager;
import jakarta.annotation.PreDestroy;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The views of the running service: starts and stops them, waits for them, repairs them. */
@Context
@Requires(beans = EventLog.class)
public final class Views {

  /** How long a read waits for its view to catch up before it answers 503. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** How often is looked whether another node has filled a view. */
  private static final Duration GLANCE = Duration.ofMillis(10);

  /**
   * How far a view is.
   *
   * @param position the count of events it has taken in
   * @param head the count of events in the log
   */
  public record Progress(String view, long position, long head, int parked, boolean running) {}

  private final EventLog log;
  private final BeanProvider<View> views;
  private final BeanContext beans;
  private final Clock clock;
  private final String node;
  private volatile Map<String, ViewProcessor> processors = Map.of();

  /**
   * @param views looked up when the service has started: a reaction may itself wait for a view
   */
  Views(EventLog log, BeanProvider<View> views, BeanContext beans, Clock clock, Node node) {
    this.log = log;
    this.views = views;
    this.beans = beans;
    this.clock = clock;
    this.node = node.name();
  }

  @EventListener
  void start(ApplicationStartupEvent started) {
    start();
  }

  /** Starts every view. */
  void start() {
    var prepared = new LinkedHashMap<String, ViewProcessor>();
    views.stream().forEach(view -> prepared.put(view.name(), processor(view)));
    processors = prepared;
    prepared.values().forEach(ViewProcessor::start);
  }

  @PreDestroy
  void stop() {
    CompletableFuture.allOf(
            processors.values().stream().map(ViewProcessor::stop).toArray(CompletableFuture[]::new))
        .join();
  }

  @SuppressWarnings("unchecked")
  private ViewProcessor processor(View view) {
    var transactions =
        (SynchronousTransactionManager<Connection>)
            beans.getBean(
                SynchronousTransactionManager.class, Qualifiers.byName(view.datasource()));
    return new ViewProcessor(view, log, transactions, node, clock);
  }

  /** How far every view is. */
  public List<Progress> progress() {
    return processors.values().stream()
        .map(
            processor ->
                new Progress(
                    processor.view().name(),
                    processor.position(),
                    log.head(),
                    processor.parked().size(),
                    processor.running()))
        .toList();
  }

  /** The count of events that the view has taken in. */
  public long position(String view) {
    return processor(view).position();
  }

  /**
   * Waits until the view has taken in the event at a position.
   *
   * <p>Refuses with 400 a position at or beyond the head, and with 503 when it takes too long.
   */
  public void await(String view, long position) {
    var processor = processor(view);
    long commits = processor.commits().count();
    if (processor.position() > position) {
      return;
    }
    if (position >= log.head()) {
      throw new ProblemException(
          Rejection.of(
              "position-beyond-head",
              "Assay-Min-Position is at or beyond the head of the log. Send the Assay-Position of an"
                  + " answer that you received."));
    }
    if (!reaches(processor, position, commits)) {
      throw new ProblemException(
          Rejection.of(
                  "position-not-reached",
                  "The view " + view + " has not caught up yet. Repeat the request in a moment.")
              .retryAfter(1));
    }
  }

  /**
   * Whether the view takes in the event at a position before {@link #PATIENCE} ends.
   *
   * @param commits that this node had done when the view had not
   */
  private boolean reaches(ViewProcessor processor, long position, long commits) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      do {
        if (System.nanoTime() > deadline) {
          return false;
        }
        log.urge();
        processor.commits().await(commits, position, GLANCE);
        commits = processor.commits().count();
      } while (processor.position() <= position);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Refuses with 503 while an event of the sequence is parked: nothing stale is answered. */
  public void requireNotParked(String view, String sequence) {
    if (processor(view).parks(sequence)) {
      throw parked(view, sequence);
    }
  }

  /** Why what depends on a sequence cannot be read: one of its events is parked. */
  public static ProblemException parked(String view, String sequence) {
    return new ProblemException(
        Rejection.parked(
            "An event of "
                + sequence
                + " could not be taken into the view "
                + view
                + ". An operator must look at its parked events."));
  }

  public List<ParkedEvent> parked(String view) {
    return processor(view).parked();
  }

  /** Tries a parked event again; false where it is not parked, or fails again. */
  public boolean retry(String view, long position) {
    return processor(view).retry(position);
  }

  /** Gives a parked event up; false where it is not parked. */
  public boolean discard(String view, long position) {
    return processor(view).discard(position);
  }

  /** Empties a view and replays the log into it. */
  public void rebuild(String view) {
    var processor = processor(view);
    if (!processor.view().rebuildable()) {
      throw new ProblemException(
          Rejection.state(view + " is a reaction: replaying it would act again."));
    }
    processor.rebuild();
  }

  private ViewProcessor processor(String view) {
    return Optional.ofNullable(processors.get(view))
        .orElseThrow(() -> new ProblemException(Rejection.notFound("view " + view)));
  }
}
