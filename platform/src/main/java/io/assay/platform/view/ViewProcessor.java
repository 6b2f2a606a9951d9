package io.assay.platform.view;

import io.assay.eventlog.EventLog;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.database.PassingFailures;
import io.micronaut.transaction.SynchronousTransactionManager;
import io.micronaut.transaction.TransactionDefinition;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.messaging.core.Context;
import org.axonframework.messaging.core.EmptyApplicationContext;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.core.unitofwork.SimpleUnitOfWorkFactory;
import org.axonframework.messaging.core.unitofwork.TransactionalUnitOfWorkFactory;
import org.axonframework.messaging.eventhandling.SimpleEventHandlingComponent;
import org.axonframework.messaging.eventhandling.processing.streaming.pooled.PooledStreamingEventProcessor;
import org.axonframework.messaging.eventhandling.processing.streaming.pooled.PooledStreamingEventProcessorConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one view: hands it every event once and in order, parks what fails, and can rebuild it.
 *
 * <p>Several nodes may run the same view; one of them holds its claim and the others wait for it.
 */
final class ViewProcessor {

  private static final Logger LOG = LoggerFactory.getLogger(ViewProcessor.class);

  /** Events a transaction; more only grows the work that is repeated after a failure. */
  private static final int BATCH_EVENTS = 512;

  /** So often a view is emptied that another node fills. */
  private static final int ATTEMPTS = 5;

  /** How long a batch may take to end. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String PREPARE =
      "select exists (select from parked_event where view = ?),"
          + " set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),"
          + " set_config('enable_mergejoin', 'off', true)";

  private static final String PREPARE_WITHOUT_THE_DISK =
      PREPARE + ", set_config('synchronous_commit', 'off', true)";

  /** The events of one transaction: those that the view handles, and how many there are. */
  private static final class Batch {
    private final List<RecordedEvent> events = new ArrayList<>();
    private int streamed;
    private long next;
  }

  private final Context.ResourceKey<Batch> batch = Context.ResourceKey.withLabel("batch");
  private final View view;
  private final EventLog log;
  private final SynchronousTransactionManager<Connection> transactions;
  private final ViewTokens tokens;
  private final ParkedEvents parked;
  private final Commits commits = new Commits();
  private final Clock clock;
  private final ScheduledExecutorService coordinator;
  private final ScheduledExecutorService worker;
  private final LogEventSource source;
  private final PooledStreamingEventProcessor processor;

  ViewProcessor(
      View view,
      EventLog log,
      SynchronousTransactionManager<Connection> transactions,
      String node,
      Clock clock) {
    this.view = view;
    this.log = log;
    this.transactions = transactions;
    this.clock = clock;
    this.parked = new ParkedEvents(view.name());
    this.source = new LogEventSource(log, BATCH_EVENTS, this::streams, clock);
    var axonTransactions = new MicronautTransactions(transactions);
    this.tokens = new ViewTokens(view.name(), axonTransactions, node);
    this.coordinator = executor("coordinator");
    this.worker = executor("worker");
    var component =
        new SimpleEventHandlingComponent()
            .subscribe(
                LogEventSource.RECORDED.qualifiedName(),
                (message, context) -> {
                  collect(context, (RecordedEvent) Objects.requireNonNull(message.payload()));
                  return MessageStream.empty().cast();
                });
    this.processor =
        new PooledStreamingEventProcessor(
            view.name(),
            List.of(component),
            new PooledStreamingEventProcessorConfiguration()
                .eventSource(source)
                .tokenStore(tokens.store())
                .unitOfWorkFactory(
                    new TransactionalUnitOfWorkFactory(
                        axonTransactions,
                        new SimpleUnitOfWorkFactory(EmptyApplicationContext.INSTANCE)))
                .coordinatorExecutor(coordinator)
                .workerExecutor(worker)
                .initialSegmentCount(1)
                .initialToken(source -> source.firstToken(null))
                .tokenClaimInterval(ViewTokens.GLANCE.toMillis())
                .claimExtensionThreshold(ViewTokens.EXTENSION.toMillis())
                .enableCoordinatorClaimExtension()
                .batchSize(BATCH_EVENTS));
  }

  View view() {
    return view;
  }

  void start() {
    processor.start().join();
  }

  /**
   * Stops, once the batch at work is done. Where the database does not answer that may never be:
   * after {@link #PATIENCE} it is interrupted.
   */
  CompletableFuture<Void> stop() {
    return processor
        .shutdown()
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(
            failure -> {
              LOG.warn("View {} did not stop in order: {}", view.name(), cause(failure));
              coordinator.shutdownNow();
              worker.shutdownNow();
              return null;
            })
        .thenRun(coordinator::shutdown)
        .thenRun(worker::shutdown);
  }

  boolean running() {
    return processor.isRunning() && !processor.isError();
  }

  /** The count of events that the view has taken in. */
  long position() {
    return inTransaction(tokens::position);
  }

  /** What this node does to bring the view further. */
  Commits commits() {
    return commits;
  }

  List<ParkedEvent> parked() {
    return inTransaction(parked::all);
  }

  boolean parks(String sequence) {
    return inTransaction(connection -> parked.holds(connection, sequence));
  }

  /** Tries a parked event again; false where it is not parked, or fails again. */
  boolean retry(long position) {
    var event = log.event(position).orElseThrow();
    return inTransaction(
        connection -> parked.remove(connection, position) && !park(connection, event, false));
  }

  /** Gives a parked event up; false where it is not parked. */
  boolean discard(long position) {
    return inTransaction(connection -> parked.remove(connection, position));
  }

  /** Empties the view and reads the log from its start. Other nodes lose their claim. */
  void rebuild() {
    if (!view.rebuildable()) {
      throw new IllegalStateException(view.name() + " is a reaction: replaying it would act again");
    }
    processor.shutdown().join();
    try {
      empty();
    } finally {
      processor.start().join();
    }
  }

  /** Another node may fill the view meanwhile, in another order: PostgreSQL ends one of the two. */
  private void empty() {
    for (int attempt = 1; ; attempt++) {
      try {
        inTransaction(
            connection -> {
              view.reset();
              tokens.reset(connection);
              parked.clear(connection); // now whoever had the claim has committed, or cannot
              return true;
            });
        return;
      } catch (RuntimeException e) {
        if (attempt == ATTEMPTS || !PassingFailures.isPassing(e)) {
          throw e;
        }
        LOG.info("View {} is emptied again, which was interrupted: {}", view.name(), cause(e));
      }
    }
  }

  private boolean handles(RecordedEvent event) {
    return view.types().isEmpty() || view.types().contains(event.type());
  }

  /** Who reads a view may wait for it to have passed any event; for a reaction nobody does. */
  private boolean streams(RecordedEvent event) {
    return view.rebuildable() || handles(event);
  }

  /** What is processed in one transaction is handed to the view together, at its end. */
  private void collect(ProcessingContext context, RecordedEvent event) {
    var collected = context.computeResourceIfAbsent(batch, () -> begin(context));
    collected.streamed++;
    collected.next = event.position() + 1;
    if (handles(event)) {
      collected.events.add(event);
    }
  }

  private Batch begin(ProcessingContext context) {
    var begun = new Batch();
    context.runOnPostInvocation(
        invoked -> {
          if (!begun.events.isEmpty()) {
            take(transactions.getConnection(), begun.events);
          }
        });
    context.runOnAfterCommit(
        committed -> {
          source.processed(begun.streamed);
          commits.committed(begun.next);
        });
    return begun;
  }

  /**
   * Hands the events to the view together where nothing is parked; where they fail, nothing of it
   * has happened, and each is handed over alone, so that only the culprit is parked.
   */
  private void take(Connection connection, List<RecordedEvent> events) {
    try {
      boolean parking = prepare(connection);
      if (!view.rebuildable() || parking || !together(connection, events)) {
        for (var event : events) {
          park(connection, event, true);
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The view's database failed", e);
    }
  }

  /**
   * Prepares the transaction, and tells whether anything is parked. Rows are looked up by index,
   * whatever PostgreSQL believes of a table that was just emptied. Of a view that can be rebuilt, a
   * crash may undo what was committed last, the token with it: it is then taken in again.
   */
  private boolean prepare(Connection connection) throws SQLException {
    var sql = view.rebuildable() ? PREPARE_WITHOUT_THE_DISK : PREPARE;
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, view.name());
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  /** The savepoint ends with the transaction. */
  private boolean together(Connection connection, List<RecordedEvent> events) throws SQLException {
    var before = connection.setSavepoint();
    try {
      view.on(events);
      return true;
    } catch (RuntimeException e) {
      if (PassingFailures.isPassing(e)) {
        throw e;
      }
      connection.rollback(before);
      return false;
    }
  }

  /** Hands the event to the view; answers whether it had to be parked. */
  private boolean park(Connection connection, RecordedEvent event, boolean behindOthers) {
    var sequence = view.sequence(event);
    try {
      if (behindOthers && parked.holds(connection, sequence)) {
        var cause = "An earlier event of " + sequence + " is parked";
        parked.park(connection, event.position(), sequence, cause, clock.instant());
        return true;
      }
      var before = connection.setSavepoint();
      try {
        view.on(List.of(event));
        connection.releaseSavepoint(before);
        return false;
      } catch (RuntimeException e) {
        if (PassingFailures.isPassing(e)) {
          throw e;
        }
        connection.rollback(before);
        LOG.error("View {} parks event {} of {}", view.name(), event.position(), sequence, e);
        parked.park(connection, event.position(), sequence, cause(e), clock.instant());
        return true;
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The view's database failed", e);
    }
  }

  private static String cause(Throwable failure) {
    return failure.getClass().getSimpleName() + ": " + failure.getMessage();
  }

  private <T> T inTransaction(SqlFunction<T> work) {
    return Objects.requireNonNull(
        transactions.execute(
            TransactionDefinition.DEFAULT, status -> work.apply(status.getConnection())));
  }

  private ScheduledExecutorService executor(String role) {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name(view.name() + "-" + role).factory());
  }

  /** Work on a connection. */
  @FunctionalInterface
  interface SqlFunction<T> {
    T apply(Connection connection) throws SQLException;
  }
}
