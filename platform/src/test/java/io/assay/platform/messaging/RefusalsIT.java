package io.assay.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.EventCatalogue;
import io.assay.contracts.GovernanceEvent.AccessRefused;
import io.assay.contracts.Tag;
import io.assay.eventlog.Actor;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.LogMigrations;
import io.assay.eventlog.Query;
import io.assay.eventlog.testing.PostgresServer;
import io.assay.platform.identity.Invocation;
import io.micronaut.context.ApplicationContext;
import java.time.Duration;
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

/** What the log keeps of refusals, whichever process meets them. */
class RefusalsIT {

  private static final Instant NOW = Instant.parse("2026-05-04T10:20:30Z");

  private static PostgresServer.Database database;
  private static ApplicationContext context;
  private static EventLog log;

  private final String actor = UUID.randomUUID().toString();

  @BeforeAll
  static void start() throws Exception {
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
  }

  @AfterAll
  static void stop() {
    context.close();
    database.close();
  }

  @Test
  void repeatsInOneMinuteCoalesceAcrossProcesses() throws Exception {
    var nodes = List.of(new Refusals(log), new Refusals(log));
    var repeats = new ArrayList<Callable<Void>>();
    for (int i = 0; i < 50; i++) {
      var node = nodes.get(i % 2);
      repeats.add(
          () -> {
            node.record(refused("separation-of-duties", "request:1"), at(NOW)).join();
            return null;
          });
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var repeat : threads.invokeAll(repeats)) {
        repeat.get();
      }
    }
    assertThat(recorded()).hasSize(1);
  }

  @Test
  void theNextMinuteIsRecordedAgain() {
    var refusals = new Refusals(log);
    refusals.record(refused("role-missing", "request:1"), at(NOW)).join();
    refusals.record(refused("role-missing", "request:1"), at(NOW.plusSeconds(29))).join();
    refusals.record(refused("role-missing", "request:1"), at(NOW.plusSeconds(30))).join();
    assertThat(recorded()).hasSize(2);
  }

  @Test
  void noRuleAndNoSubjectHidesBehindAnother() {
    var refusals = new Refusals(log);
    refusals.record(refused("role-missing", "request:1"), at(NOW)).join();
    refusals.record(refused("separation-of-duties", "request:1"), at(NOW)).join();
    refusals.record(refused("separation-of-duties", "request:2"), at(NOW)).join();
    refusals.record(refused("separation-of-duties", null), at(NOW)).join();
    assertThat(recorded()).hasSize(4);
  }

  @Test
  void aRefusalThatCouldNotBeRecordedIsTriedAgain() {
    var refusals = new Refusals(log);
    var tooLong = refused("x".repeat(300_000), null);
    assertThat(refusals.record(tooLong, at(NOW))).failsWithin(Duration.ofSeconds(10));
    assertThat(refusals.record(tooLong, at(NOW))).failsWithin(Duration.ofSeconds(10));
    assertThat(recorded()).isEmpty();
  }

  private AccessRefused refused(String rule, @Nullable String subject) {
    return new AccessRefused(actor, rule, "POST /api/v1/things", subject);
  }

  private List<AccessRefused> recorded() {
    return log
        .source(
            new Query(
                "default",
                List.of(new Criterion(Set.of(new Tag("actor", actor)), Set.of("AccessRefused")))),
            0)
        .events()
        .stream()
        .map(event -> (AccessRefused) event.event())
        .toList();
  }

  private Invocation at(Instant now) {
    return new Invocation(
        new Actor(actor, Actor.Kind.PERSON),
        null,
        Set.of("ml-engineer"),
        "default",
        now,
        "request-1",
        null,
        null,
        null,
        null);
  }
}
