package io.assay.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.contracts.ApiKeyEvent.ApiKeyIssued;
import io.assay.contracts.ApiKeyEvent.ApiKeyRevoked;
import io.assay.contracts.ApiKeyId;
import io.assay.contracts.Event;
import io.assay.contracts.EventCatalogue;
import io.assay.contracts.EventJson;
import io.assay.contracts.GovernanceEvent.ErasureOrdered;
import io.assay.eventlog.Actor;
import io.assay.eventlog.Append;
import io.assay.eventlog.EventCodec;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.LogMigrations;
import io.assay.eventlog.NewEvent;
import io.assay.eventlog.PostgresEventLog;
import io.assay.eventlog.testing.PostgresServer;
import io.assay.platform.identity.apikey.ApiKey;
import io.micronaut.security.authentication.Authentication;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What is admitted by one process and by another, each with a database role of its own. */
class ApiKeyValidatorIT {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();
  private static PostgresServer.Database database;
  private static EventLog policyLog;
  private static EventLog lineageLog;
  private static EventLog operatorLog;

  private final ApiKey key =
      ApiKey.mint("team-a", new ApiKeyId(UUID.randomUUID()), new SecureRandom());
  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private ApiKeyValidator policy;
  private ApiKeyValidator lineage;

  @BeforeAll
  static void start() {
    database = PostgresServer.database();
    LogMigrations.permit(database.owner(), EventCatalogue.assay());
    DirectoryMigrations.migrate(database.owner());
    policyLog = log("policy");
    lineageLog = log("lineage");
    operatorLog = log("operator");
  }

  @BeforeEach
  void startProcesses() {
    policy = validator(policyLog);
    lineage = validator(lineageLog);
  }

  @AfterAll
  static void stop() {
    List.of(policyLog, lineageLog, operatorLog).forEach(EventLog::close);
    database.close();
    THREADS.close();
  }

  @Test
  void a_key_is_admitted_with_its_scopes_in_its_workspace_for_its_issuer() {
    issue(key, "team-a");

    var admitted = admitted(lineage);
    assertThat(admitted.getRoles()).containsExactly("pipeline");
    assertThat(admitted.getAttributes())
        .containsEntry("iss", ApiKey.ISSUER)
        .containsEntry("sub", key.id().value().toString())
        .containsEntry("azp", "api-key:" + key.id().value())
        .containsEntry("preferred_username", "nightly");
    var credential = Objects.requireNonNull(Credential.of(admitted));
    assertThat(credential.workspace()).isEqualTo("team-a");
    assertThat(credential.onBehalfOf()).isEqualTo("issuer");
    assertThat(admitted.getAttributes().toString()).doesNotContain(key.digest().hex());
  }

  @Test
  void what_is_no_key_is_left_to_others() {
    assertThat(Mono.from(policy.validateToken("eyJ.x.y", null)).blockOptional()).isEmpty();
  }

  @Test
  void a_key_that_was_not_issued_or_in_another_workspace_is_unknown() {
    refused(policy, "No such");
    issue(key, "team-b");
    refused(policy, "No such");
  }

  @Test
  void another_secret_of_a_known_key_is_unknown_too_and_says_no_more() {
    issue(key, "team-a");
    revoke("team-a");
    var forged = ApiKey.mint("team-a", key.id(), new SecureRandom());
    assertThatThrownBy(() -> admitted(policy, forged)).hasMessageContaining("No such");
  }

  @Test
  void a_revocation_is_seen_by_every_process_with_the_next_request() {
    issue(key, "team-a");
    for (int i = 0; i < 3; i++) {
      admitted(policy);
      admitted(lineage);
    }
    revoke("team-a");
    refused(lineage, "revoked");
    refused(policy, "revoked");
  }

  @Test
  void a_revocation_in_another_workspace_is_none() {
    issue(key, "team-a");
    revoke("team-b");
    admitted(policy);
  }

  @Test
  void a_key_ends_at_the_instant_that_it_says() {
    issue(key, "team-a");
    now.set(NOON.plus(HOUR).minusNanos(1_000));
    admitted(policy);
    now.set(NOON.plus(HOUR));
    refused(policy, "expired");
  }

  @Test
  void an_erased_name_does_not_come_back_and_the_key_goes_on() throws SQLException {
    long position = issue(key, "team-a");
    for (var process : List.of(policy, lineage)) {
      assertThat(admitted(process).getAttributes()).containsEntry("preferred_username", "nightly");
    }

    long order = append(operatorLog, "team-a", new ErasureOrdered(List.of(position), "asked for"));
    try (var connection = database.as("assay_operator").getConnection();
        var erase = connection.prepareStatement("select log.erase(?, array[?]::bigint[])")) {
      erase.setLong(1, order);
      erase.setLong(2, position);
      erase.execute();
    }
    now.set(NOON.plusSeconds(61));
    for (var process : List.of(policy, lineage)) {
      assertThat(admitted(process).getAttributes())
          .containsEntry("preferred_username", key.toString());
    }
  }

  private long issue(ApiKey issued, String workspace) {
    return append(
        policyLog,
        workspace,
        new ApiKeyIssued(
            issued.id(),
            "issuer",
            List.of("pipeline"),
            false,
            issued.digest(),
            NOON.plus(HOUR),
            "nightly"));
  }

  private void revoke(String workspace) {
    append(policyLog, workspace, new ApiKeyRevoked(key.id(), null));
  }

  private static long append(EventLog log, String workspace, Event event) {
    var metadata = EventMetadata.of(workspace, new Actor("issuer", Actor.Kind.PERSON), "a-request");
    var fresh = new NewEvent(UUID.randomUUID(), event, Set.of(), metadata);
    return log.append(new Append(List.of(fresh), List.of())).join().lastPosition();
  }

  private Authentication admitted(ApiKeyValidator process) {
    return admitted(process, key);
  }

  private static Authentication admitted(ApiKeyValidator process, ApiKey presented) {
    return Mono.from(process.validateToken(presented.spelled(), null))
        .blockOptional()
        .orElseThrow();
  }

  private void refused(ApiKeyValidator process, String why) {
    assertThatThrownBy(() -> admitted(process)).hasMessageContaining(why);
  }

  private ApiKeyValidator validator(EventLog log) {
    return new ApiKeyValidator(
        log, new ApiKeyUses(database.as("assay_policy")), new Settable(now), THREADS);
  }

  /** Stands still until it is set. */
  private static final class Settable extends Clock {

    private final AtomicReference<Instant> now;

    Settable(AtomicReference<Instant> now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      return Objects.requireNonNull(now.get());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  private static EventLog log(String service) {
    var source = database.as("assay_" + service);
    return PostgresEventLog.on(
            source, source, service, EventCodec.of(new EventJson(EventCatalogue.assay())))
        .open();
  }
}
