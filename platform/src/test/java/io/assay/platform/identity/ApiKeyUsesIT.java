package io.assay.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.contracts.ApiKeyId;
import io.assay.eventlog.testing.PostgresServer;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ApiKeyUsesIT {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private static PostgresServer.Database database;

  private final ApiKeyId key = new ApiKeyId(UUID.randomUUID());

  @BeforeAll
  static void start() {
    database = PostgresServer.database();
    DirectoryMigrations.migrate(database.owner());
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @Test
  void the_last_use_is_seen_whichever_service_met_it() throws SQLException {
    assertThat(lastUse()).isNull();
    uses("assay_registry").used(key, NOON);
    assertThat(lastUse()).isEqualTo(NOON);
    uses("assay_lineage").used(key, NOON.plusSeconds(60));
    assertThat(lastUse()).isEqualTo(NOON.plusSeconds(60));
  }

  @Test
  void within_a_minute_it_is_written_once_by_all_processes_together() throws SQLException {
    uses("assay_registry").used(key, NOON);
    var row = row();
    uses("assay_registry").used(key, NOON.plusSeconds(59));
    uses("assay_policy").used(key, NOON.plusSeconds(30));
    assertThat(lastUse()).isEqualTo(NOON);
    assertThat(row()).as("the same version of the row").isEqualTo(row);
  }

  @Test
  void a_process_asks_the_database_once_a_minute() throws SQLException {
    var registry = uses("assay_registry");
    registry.used(key, NOON);
    registry.used(key, NOON.plusSeconds(600));
    assertThat(lastUse()).as("of this process's clock no minute has passed").isEqualTo(NOON);
  }

  @Test
  void it_never_goes_back() throws SQLException {
    uses("assay_registry").used(key, NOON);
    uses("assay_policy").used(key, NOON.minusSeconds(3600));
    assertThat(lastUse()).isEqualTo(NOON);
  }

  @Test
  void a_service_reaches_the_functions_and_not_the_table() {
    for (var statement :
        new String[] {
          "SELECT count(*) FROM directory.api_key_use", "DELETE FROM directory.api_key_use"
        }) {
      assertThatThrownBy(() -> query("assay_policy", statement))
          .hasMessageContaining("permission denied");
    }
    assertThatThrownBy(
            () ->
                query("assay_audit", "SELECT directory.api_key_used('" + key.value() + "', now())"))
        .hasMessageContaining("permission denied");
  }

  private static ApiKeyUses uses(String role) {
    return new ApiKeyUses(database.as(role));
  }

  private @Nullable Instant lastUse() throws SQLException {
    var sql = "SELECT directory.api_key_last_used('" + key.value() + "')";
    try (var connection = database.as("assay_policy").getConnection();
        var rows = connection.createStatement().executeQuery(sql)) {
      rows.next();
      var at = rows.getObject(1, OffsetDateTime.class);
      return at == null ? null : at.toInstant();
    }
  }

  private String row() throws SQLException {
    var sql = "SELECT xmin::text || ctid::text FROM directory.api_key_use WHERE api_key = '";
    try (var connection = database.owner().getConnection();
        var rows = connection.createStatement().executeQuery(sql + key.value() + "'")) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void query(String role, String sql) throws SQLException {
    try (var connection = database.as(role).getConnection()) {
      connection.createStatement().execute(sql);
    }
  }
}
