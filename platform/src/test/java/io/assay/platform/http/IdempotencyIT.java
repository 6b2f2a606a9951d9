package io.assay.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.eventlog.testing.PostgresServer;
import io.assay.platform.identity.DirectoryMigrations;
import io.assay.platform.sample.SampleService;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class IdempotencyIT {

  private static final String SAMPLES = "/api/v1/samples";
  private static final String BODY = "{\"name\":\"a\",\"amount\":1}";

  private static PostgresServer.Database database;
  private static SampleService service;

  @BeforeAll
  static void start() {
    database = PostgresServer.database();
    DirectoryMigrations.migrate(database.owner());
    var properties = new HashMap<String, Object>(database.properties("assay_registry"));
    properties.put("flyway.datasources.default.enabled", true);
    properties.put("flyway.datasources.default.default-schema", "registry");
    properties.put("flyway.datasources.default.locations", "classpath:db/migration/view");
    service = new SampleService(properties);
  }

  @AfterAll
  static void stop() {
    service.close();
    database.close();
  }

  @AfterEach
  void let_go() {
    SampleService.hold(null, null);
  }

  @Test
  void a_repeated_success_answers_status_body_location_and_position_again() {
    var key = UUID.randomUUID().toString();
    var first = post(BODY, key);
    var again = post("{ \"amount\": 1.0, \"name\": \"\\u0061\" }", key);

    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    for (var header : new String[] {"Location", "Assay-Position", "Content-Type"}) {
      assertThat(first.headers().firstValue(header)).isPresent();
      assertThat(again.headers().firstValue(header)).isEqualTo(first.headers().firstValue(header));
    }
  }

  @Test
  void another_key_writes_again() {
    assertThat(post(BODY, UUID.randomUUID().toString()).body())
        .isNotEqualTo(post(BODY, UUID.randomUUID().toString()).body());
  }

  @Test
  void a_key_with_another_body_is_refused() {
    var key = UUID.randomUUID().toString();
    post(BODY, key);
    var answer = post("{\"name\":\"b\",\"amount\":1}", key);

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("/problems/idempotency-key-reused");
  }

  @Test
  void a_key_belongs_to_its_actor() {
    var key = UUID.randomUUID().toString();
    var first = post(BODY, key);
    var other =
        service.send(
            service
                .request(SAMPLES, "somebody-else", "ml-engineer")
                .headers("Content-Type", "application/json", "Idempotency-Key", key)
                .POST(BodyPublishers.ofString(BODY))
                .build());

    assertThat(other.statusCode()).isEqualTo(201);
    assertThat(other.body()).isNotEqualTo(first.body());
  }

  @Test
  void refusals_and_faults_do_not_stick() {
    var key = UUID.randomUUID().toString();
    assertThat(post("{\"name\":\"refused\",\"amount\":1}", key).statusCode()).isEqualTo(409);
    assertThat(post("{\"name\":\"a\",\"amount\":99}", key).statusCode()).isEqualTo(400);
    assertThat(post(BODY, key).statusCode()).isEqualTo(201);
  }

  @Test
  void a_read_only_post_ignores_the_key() {
    var key = UUID.randomUUID().toString();
    var one = service.post(SAMPLES + "/dry-run", BODY, "Idempotency-Key", key);
    var two = service.post(SAMPLES + "/dry-run", BODY, "Idempotency-Key", key);

    assertThat(one.statusCode()).isEqualTo(200);
    assertThat(two.body()).isNotEqualTo(one.body());
  }

  @Test
  void a_key_that_is_not_one_is_refused() {
    var answer = post(BODY, "two words");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("/problems/invalid-idempotency-key");
  }

  @Test
  void a_duplicate_while_the_first_runs_is_told_to_wait_and_then_answered_alike() throws Exception {
    var entered = new CountDownLatch(1);
    var hold = new CountDownLatch(1);
    SampleService.hold(entered, hold);
    var key = UUID.randomUUID().toString();
    var first = CompletableFuture.supplyAsync(() -> post(BODY, key));
    assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();

    var duplicate = post(BODY, key);
    assertThat(duplicate.statusCode()).isEqualTo(409);
    assertThat(duplicate.body()).contains("/problems/request-in-progress");
    assertThat(duplicate.headers().firstValue("Retry-After")).hasValue("1");

    SampleService.hold(null, null);
    hold.countDown();
    var answered = first.get(30, TimeUnit.SECONDS);
    assertThat(answered.statusCode()).isEqualTo(201);
    assertThat(post(BODY, key).body()).isEqualTo(answered.body());
  }

  @Test
  void the_table_holds_neither_key_nor_actor_nor_a_digest_that_could_be_guessed()
      throws SQLException {
    var key = UUID.randomUUID().toString();
    post(BODY, key);
    try (var connection = database.superuser().getConnection();
        var rows =
            connection
                .createStatement()
                .executeQuery("SELECT tag || fingerprint FROM registry.idempotency")) {
      int count = 0;
      while (rows.next()) {
        count++;
        assertThat(rows.getString(1)).matches("[0-9a-f]{128}").doesNotContain(key);
      }
      assertThat(count).isPositive();
    }
  }

  private static HttpResponse<String> post(String body, String key) {
    return service.post(SAMPLES, body, "Idempotency-Key", key);
  }
}
