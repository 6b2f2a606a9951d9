package io.assay.platform.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.assay.contracts.EventCatalogue;
import io.assay.contracts.RiskTier;
import io.assay.contracts.SystemEvent.SystemRegistered;
import io.assay.contracts.SystemId;
import io.assay.contracts.Tag;
import io.assay.eventlog.Actor;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.LogMigrations;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.eventlog.testing.PostgresServer;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Commands;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Fact;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The way of every slice: a command is decided, appended, and taken into a view. */
class CommandsAndViewsIT {

  private static PostgresServer.Database database;
  private static ApplicationContext context;
  private static Commands commands;
  private static Views views;
  private static EventLog log;

  @BeforeAll
  static void start() throws SQLException {
    database = PostgresServer.database();
    LogMigrations.permit(database.owner(), EventCatalogue.assay());
    var properties = new HashMap<String, Object>(database.properties("assay_registry"));
    properties.put("datasources.default.schema", "registry");
    properties.put("flyway.datasources.default.enabled", true);
    properties.put("flyway.datasources.default.default-schema", "registry");
    properties.put("flyway.datasources.default.locations", List.of("classpath:db/migration/view"));
    properties.put("assay.service", "registry");
    properties.put("assay.test", "names");
    properties.put("micronaut.server.port", -1);
    context = ApplicationContext.run(properties);
    commands = context.getBean(Commands.class);
    views = context.getBean(Views.class);
    log = context.getBean(EventLog.class);
    try (var connection = database.as("assay_registry").getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create table registry.name (name text, position bigint)");
    }
    views.start();
  }

  @AfterAll
  static void stop() {
    context.close();
    database.close();
  }

  @Test
  void aCommandIsRecordedWithWhoAndWhyAndIsTakenIntoTheView() {
    var receipt = commands.send(new RegisterName("one", UUID.randomUUID()), by("ana", null));

    var position = receipt.position().orElseThrow();
    var event = log.event(position).orElseThrow();
    assertThat(event.metadata().actor()).isEqualTo(new Actor("ana", Actor.Kind.PERSON));
    assertThat(event.metadata().correlation()).isEqualTo("request-1");
    assertThat(event.writer()).isEqualTo("registry");
    views.await("names", position);
    assertThat(names()).contains("one");
  }

  @Test
  void oneOfManyAtOnceWinsAndTheOthersSeeIt() throws Exception {
    var attempts = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 32; i++) {
      attempts.add(
          () -> {
            try {
              commands.send(new RegisterName("contended", UUID.randomUUID()), by("ana", null));
              return true;
            } catch (ProblemException e) {
              assertThat(e.rejection().status()).isEqualTo(409);
              return false;
            }
          });
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var won = 0;
      for (var attempt : threads.invokeAll(attempts)) {
        won += attempt.get() ? 1 : 0;
      }
      assertThat(won).isEqualTo(1);
    }
  }

  @Test
  void anIdempotencyKeyIsGoodForOneCommandForEver() {
    commands.send(new RegisterName("first", UUID.randomUUID()), by("ana", "key-1"));

    assertThatThrownBy(
            () -> commands.send(new RegisterName("second", UUID.randomUUID()), by("ana", "key-1")))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> assertThat(e.rejection().slug()).isEqualTo("idempotency-key-used"));
  }

  @Test
  void whoWaitsInVainIsToldToAskAgain() {
    views.stop();
    try {
      var receipt = commands.send(new RegisterName("unseen", UUID.randomUUID()), by("ana", null));
      assertThatThrownBy(() -> views.await("names", receipt.position().orElseThrow()))
          .isInstanceOfSatisfying(
              ProblemException.class,
              e -> {
                assertThat(e.rejection().slug()).isEqualTo("position-not-reached");
                assertThat(e.rejection().extensions()).containsKey(Rejection.RETRY_AFTER);
              });
    } finally {
      views.start();
    }
  }

  @Test
  void anEventThatFailsIsParkedWithTheLaterOnesOfItsSequenceAndTheOthersGoOn() {
    var poison = UUID.randomUUID();
    commands.send(new RegisterName("poison", poison), by("ana", null));
    commands.send(new RegisterName("behind the poison", poison), by("ana", null));
    var healthy = commands.send(new RegisterName("healthy", UUID.randomUUID()), by("ana", null));

    views.await("names", healthy.position().orElseThrow());

    assertThat(names()).contains("healthy").doesNotContain("poison", "behind the poison");
    assertThat(views.parked("names")).hasSize(2);
    assertThatThrownBy(() -> views.requireNotParked("names", "system:" + poison))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.rejection().slug()).isEqualTo("parked"));
    for (var parked : views.parked("names")) {
      assertThat(views.discard("names", parked.position())).isTrue();
    }
    assertThat(views.parked("names")).isEmpty();
  }

  @Test
  void aRebuiltViewEqualsTheLiveOne() {
    var last = commands.send(new RegisterName("rebuilt", UUID.randomUUID()), by("ana", null));
    views.await("names", last.position().orElseThrow());
    var live = names();

    views.rebuild("names");

    await().untilAsserted(() -> assertThat(names()).isEqualTo(live));
  }

  @Test
  void aPositionThatIsNotYetWrittenIsRefused() {
    assertThatThrownBy(() -> views.await("names", log.head()))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.rejection().status()).isEqualTo(400));
  }

  private static List<String> names() {
    var names = new ArrayList<String>();
    try (var connection = database.as("assay_registry").getConnection();
        var select =
            connection.prepareStatement("select name from registry.name order by position");
        var rows = select.executeQuery()) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return names;
  }

  private static Invocation by(String actor, @Nullable String idempotencyKey) {
    return new Invocation(
        new Actor(actor, Actor.Kind.PERSON),
        null,
        Set.of("ml-engineer"),
        "default",
        Instant.parse("2026-01-01T00:00:00Z"),
        "request-1",
        null,
        null,
        null,
        idempotencyKey);
  }

  record RegisterName(String name, UUID id) {}

  @Singleton
  @Requires(property = "assay.test", value = "names")
  static final class NameRule implements Decider<RegisterName, Boolean, String> {

    @Override
    public Class<RegisterName> command() {
      return RegisterName.class;
    }

    @Override
    public Query boundary(RegisterName command, Invocation invocation) {
      return Query.of(invocation.workspace(), Criterion.of(name(command), "SystemRegistered"));
    }

    @Override
    public Boolean initial() {
      return false;
    }

    @Override
    public Boolean evolve(Boolean taken, RecordedEvent event) {
      return true;
    }

    @Override
    public Outcome<String> decide(RegisterName command, Boolean taken, Invocation invocation) {
      if (taken) {
        return Outcome.refused(Rejection.exists("The name is taken."));
      }
      return Outcome.accepted(
          command.name(),
          Fact.of(
              new SystemRegistered(
                  new SystemId(command.id()), RiskTier.LIMITED, null, command.name(), null, null),
              name(command)));
    }

    private static Tag name(RegisterName command) {
      return new Tag("name", command.name().replace(' ', '-'));
    }
  }

  @Singleton
  @Requires(property = "assay.test", value = "names")
  static final class Names implements View {

    private final Connection connection;

    Names(Connection connection) {
      this.connection = connection;
    }

    @Override
    public String name() {
      return "names";
    }

    @Override
    public Set<String> types() {
      return Set.of("SystemRegistered");
    }

    @Override
    public String sequence(RecordedEvent event) {
      return ((SystemRegistered) event.event()).system().tag().toString();
    }

    @Override
    public void on(RecordedEvent event) {
      var registered = (SystemRegistered) event.event();
      if ("poison".equals(registered.name())) {
        throw new IllegalStateException("This event cannot be taken in");
      }
      try (var insert = connection.prepareStatement("insert into name values (?, ?)")) {
        insert.setString(1, registered.name());
        insert.setLong(2, event.position());
        insert.executeUpdate();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void reset() {
      try (var delete = connection.prepareStatement("delete from name")) {
        delete.executeUpdate();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
