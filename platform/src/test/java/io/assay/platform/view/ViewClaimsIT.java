package io.assay.platform.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assay.contracts.EventCatalogue;
import io.assay.contracts.RiskTier;
import io.assay.contracts.SystemEvent.SystemRegistered;
import io.assay.contracts.SystemId;
import io.assay.eventlog.Actor;
import io.assay.eventlog.Append;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.LogMigrations;
import io.assay.eventlog.NewEvent;
import io.assay.eventlog.RecordedEvent;
import io.assay.eventlog.testing.PostgresServer;
import io.micronaut.context.ApplicationContext;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.inject.qualifiers.Qualifiers;
import io.micronaut.transaction.SynchronousTransactionManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.axonframework.messaging.eventhandling.processing.streaming.token.GlobalSequenceTrackingToken;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes, one view: each event is taken in once, by whichever has the claim. */
class ViewClaimsIT {

  private static final String WROTE_TO_PARKED_EVENTS =
      "select from pg_locks l where l.pid = a.pid and l.mode = 'RowExclusiveLock'"
          + " and l.relation = 'registry.parked_event'::regclass";

  private static final String VIEW = "counted";

  private PostgresServer.Database database;
  private ApplicationContext context;
  private EventLog log;
  private final List<ViewProcessor> processors = new ArrayList<>();

  @BeforeEach
  void start() throws SQLException {
    database = PostgresServer.database();
    LogMigrations.permit(database.owner(), EventCatalogue.assay());
    var properties = new HashMap<String, Object>(database.properties("assay_registry"));
    properties.put("datasources.default.schema", "registry");
    properties.put("flyway.datasources.default.enabled", true);
    properties.put("flyway.datasources.default.default-schema", "registry");
    properties.put("flyway.datasources.default.locations", List.of("classpath:db/migration/view"));
    properties.put("assay.service", "registry");
    properties.put("micronaut.server.port", -1);
    context = ApplicationContext.run(properties);
    log = context.getBean(EventLog.class);
    // No key: what is taken in twice stands there twice.
    execute("create table registry.taken (position bigint, node text)");
  }

  @AfterEach
  void stop() {
    processors.forEach(processor -> processor.stop().join());
    context.close();
    database.close();
  }

  @Test
  void aNodeThatSleptThroughTheLossOfItsClaimWritesNothing() throws Exception {
    try (var alive = signOfLife("a")) {
      var asleep = new CountDownLatch(1);
      var wake = new CountDownLatch(1);
      append(1);
      start(
          new Counted("a") {
            @Override
            void before() throws InterruptedException {
              asleep.countDown();
              assertThat(wake.await(60, TimeUnit.SECONDS)).isTrue();
            }
          },
          "a");
      assertThat(asleep.await(60, TimeUnit.SECONDS)).isTrue();

      // Another node takes the claim, takes the event in, and leaves: nobody has the claim now.
      execute(
          "insert into registry.taken select position, 'b' from log.event;"
              + " update registry.view_token set owner = null, token = '{\"globalIndex\":1}'");
      wake.countDown();
      append(1);

      await().until(() -> taken().size() >= 2);
      assertThat(taken()).containsExactly("0 b", "1 a");
      assertThat(alive.isClosed()).isFalse();
    }
  }

  @Test
  void aNodeThatWasIdleWhileAnotherEmptiedTheViewTakesEverythingInAgain() throws Exception {
    try (var alive = signOfLife("a")) {
      append(3);
      start(new Counted("a"), "a");
      await().until(() -> taken().size() == 3);

      // Another node empties the view, and has not claimed it yet.
      execute(
          "delete from registry.taken;"
              + " update registry.view_token set owner = null, token = '{\"globalIndex\":0}'");
      await().until(() -> taken().size() == 3);
      append(1);

      await().until(() -> taken().equals(List.of("0 a", "1 a", "2 a", "3 a")));
      assertThat(alive.isClosed()).isFalse();
    }
  }

  @Test
  void twoNodesThatEmptyAViewInTurnLeaveNothingOut() throws Exception {
    try (var a = signOfLife("a");
        var b = signOfLife("b")) {
      var processors = List.of(start(new Counted("a"), "a"), start(new Counted("b"), "b"));
      for (int i = 0; i < 12; i++) {
        append(2);
        processors.get(i % 2).rebuild();
        Thread.sleep(i * 97 % 700);
      }
      append(1);
      await().until(() -> taken().size() >= 25);
      assertThat(rows("select position from registry.taken order by position"))
          .isEqualTo(IntStream.range(0, 25).mapToObj(Integer::toString).toList());
      assertThat(a.isClosed() || b.isClosed()).isFalse();
    }
  }

  @Test
  void theClaimOfANodeThatDiedIsTakenAndWhatItStillDoesIsRefused() throws Exception {
    var a = signOfLife("a");
    try (var b = signOfLife("b")) {
      start(new Counted("a"), "a");
      append(1);
      await().until(() -> taken().equals(List.of("0 a")));
      start(new Counted("b"), "b");

      a.close(); // the process lives on, as one does whose connection was cut
      await().until(() -> owner().equals("b"));
      append(20);

      await().until(() -> taken().size() >= 21);
      assertThat(taken().subList(1, 21)).allMatch(row -> row.endsWith(" b")).hasSize(20);
      assertThat(taken()).doesNotHaveDuplicates().hasSize(21);
      assertThat(b.isClosed()).isFalse();
    }
  }

  @Test
  void aNodeThatStopsLeavesItsClaimToTheOther() throws Exception {
    try (var a = signOfLife("a");
        var b = signOfLife("b")) {
      var first = start(new Counted("a"), "a");
      append(1);
      await().until(() -> taken().equals(List.of("0 a")));
      start(new Counted("b"), "b");

      first.stop().join();
      processors.remove(first);
      append(1);

      await().until(() -> taken().equals(List.of("0 a", "1 b")));
      assertThat(a.isClosed() || b.isClosed()).isFalse();
    }
  }

  @Test
  void whoEmptiesAViewAgainstTheOrderInWhichAnotherFillsItDoesSoInTheEnd() throws Exception {
    execute("create table registry.also_taken (position bigint)");
    try (var a = signOfLife("a");
        var b = signOfLife("b")) {
      var begun = new CountDownLatch(1);
      var on = new CountDownLatch(1);
      append(1);
      start(
          new Counted("a") {
            @Override
            void before() throws InterruptedException, SQLException {
              execute("insert into also_taken values (0)");
              begun.countDown();
              assertThat(on.await(60, TimeUnit.SECONDS)).isTrue();
            }
          },
          "a");
      assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
      var emptying =
          start(
              new Counted("b") {
                @Override
                public void reset() {
                  super.reset();
                  execute("truncate also_taken");
                }
              },
              "b");

      var emptied = CompletableFuture.runAsync(emptying::rebuild);
      await().until(() -> !rows("select 1 from pg_locks where not granted").isEmpty());
      on.countDown(); // each has now locked what the other needs

      emptied.get(60, TimeUnit.SECONDS);
      await().until(() -> taken().size() == 1);
      assertThat(a.isClosed() || b.isClosed()).isFalse();
    }
  }

  @Test
  void whatAnotherNodeParksWhileAViewIsEmptiedIsTakenInAgain() throws Exception {
    try (var a = signOfLife("a");
        var b = signOfLife("b");
        var token = database.as("assay_registry").getConnection();
        var lock = token.createStatement()) {
      var failing = new AtomicBoolean(true);
      start(failingWhile(failing, "a"), "a");
      await().until(() -> owner().equals("a"));
      var emptying = start(failingWhile(failing, "b"), "b");
      token.setAutoCommit(false);
      lock.execute("select 1 from registry.view_token for update");
      append(1); // a parks it, and cannot say so yet
      await().until(() -> waits("exists (" + WROTE_TO_PARKED_EVENTS + ")"));

      failing.set(false);
      var emptied = CompletableFuture.runAsync(emptying::rebuild);
      await().until(() -> waits("a.query like 'update view_token set token = $1, owner = null%'"));
      token.commit();
      emptied.get(60, TimeUnit.SECONDS);

      await().until(() -> taken().size() == 1);
      assertThat(rows("select position from registry.parked_event")).isEmpty();
      assertThat(a.isClosed() || b.isClosed()).isFalse();
    }
  }

  @Test
  void aTokenIsFoundWhereItWasWrittenWhileOldVersionsOfItCannotBeCleanedUp() throws Exception {
    var pool = DelegatingDataSource.unwrapDataSource(context.getBean(DataSource.class));
    var tokens = new ViewTokens("watched", pool::getConnection, "a");
    var store = tokens.store();
    store.initializeTokenSegments("watched", 1, new GlobalSequenceTrackingToken(0), null).get();
    store.fetchToken("watched", 0, null).get();
    try (var alive = signOfLife("a");
        var snapshot = database.as("assay_registry").getConnection();
        var statement = snapshot.createStatement()) {
      snapshot.setAutoCommit(false);
      statement.execute("set transaction isolation level repeatable read");
      statement.execute("select count(*) from registry.view_token");
      for (int i = 1; i <= 1_000; i++) {
        store.storeToken(new GlobalSequenceTrackingToken(i), "watched", 0, null).get();
        if (i % 100 == 0) {
          store.extendClaim("watched", 0, null).get();
        }
        if (i % 10 == 0) {
          assertThat(store.fetchAvailableSegments("watched", null).get()).hasSize(1);
          try (var connection = pool.getConnection()) {
            assertThat(tokens.position(connection)).isEqualTo(i);
          }
        }
      }
      snapshot.rollback();
    }
    assertThat(rows("select convert_from(token, 'UTF8') from registry.view_token"))
        .containsExactly("{\"globalIndex\":1000}");
    context.close(); // its connections report what they did

    var statistics = " from pg_stat_user_tables where relid = 'registry.view_token'::regclass";
    await().until(() -> rows("select 1" + statistics + " and n_tup_upd >= 1010").size() == 1);
    assertThat(Long.parseLong(rows("select idx_tup_fetch" + statistics).getFirst()))
        .isLessThan(100);
  }

  @SuppressWarnings("unchecked")
  private ViewProcessor start(Counted view, String node) {
    var transactions =
        (SynchronousTransactionManager<Connection>)
            context.getBean(SynchronousTransactionManager.class, Qualifiers.byName("default"));
    view.connection = context.getBean(Connection.class);
    var processor = new ViewProcessor(view, log, transactions, node, Clock.systemUTC());
    processors.add(processor);
    processor.start();
    return processor;
  }

  /** What {@link io.assay.platform.database.Node} does for its own process. */
  private Connection signOfLife(String node) throws SQLException {
    var connection = database.as("assay_registry").getConnection();
    try (var lock =
        connection.prepareStatement(
            "select pg_advisory_lock(hashtextextended('assay node ' || ?, 0))")) {
      lock.setString(1, node);
      lock.execute();
    }
    return connection;
  }

  private void append(int events) {
    for (int i = 0; i < events; i++) {
      var system = new SystemId(UUID.randomUUID());
      log.append(
              new Append(
                  List.of(
                      new NewEvent(
                          UUID.randomUUID(),
                          new SystemRegistered(system, RiskTier.LIMITED, null, "s", null, null),
                          Set.of(),
                          new EventMetadata(
                              "default",
                              new Actor("ana", Actor.Kind.PERSON),
                              null,
                              null,
                              null,
                              "request-1",
                              null,
                              null,
                              null))),
                  List.of()))
          .join();
    }
  }

  /** Whether a connection of which this holds waits for a lock. */
  private boolean waits(String condition) throws SQLException {
    return !rows("select 1 from pg_stat_activity a where a.wait_event_type = 'Lock' and "
            + condition)
        .isEmpty();
  }

  private static Counted failingWhile(AtomicBoolean failing, String node) {
    return new Counted(node) {
      @Override
      void before() {
        if (failing.get()) {
          throw new IllegalStateException("not yet");
        }
      }
    };
  }

  private List<String> taken() throws SQLException {
    return rows("select position || ' ' || node from registry.taken order by position, node");
  }

  private String owner() throws SQLException {
    return String.join(",", rows("select owner from registry.view_token"));
  }

  private List<String> rows(String query) throws SQLException {
    var rows = new ArrayList<String>();
    try (var connection = database.as("assay_registry").getConnection();
        var statement = connection.createStatement();
        var result = statement.executeQuery(query)) {
      while (result.next()) {
        rows.add(String.valueOf(result.getString(1)));
      }
    }
    return rows;
  }

  private void execute(String sql) throws SQLException {
    try (var connection = database.as("assay_registry").getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static class Counted implements View {

    private final String node;
    private @Nullable Connection connection;

    Counted(String node) {
      this.node = node;
    }

    void before() throws InterruptedException, SQLException {}

    /** In the view's transaction. */
    void execute(String sql) {
      try (var statement = java.util.Objects.requireNonNull(connection).createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public String name() {
      return VIEW;
    }

    @Override
    public Set<String> types() {
      return Set.of();
    }

    @Override
    public String sequence(RecordedEvent event) {
      return event.id().toString();
    }

    @Override
    public void on(RecordedEvent event) {
      try (var insert =
          java.util.Objects.requireNonNull(connection)
              .prepareStatement("insert into taken values (?, ?)")) {
        before();
        insert.setLong(1, event.position());
        insert.setString(2, node);
        insert.executeUpdate();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void reset() {
      execute("truncate taken");
    }
  }
}
