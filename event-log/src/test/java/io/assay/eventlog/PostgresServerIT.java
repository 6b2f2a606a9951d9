package io.assay.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.eventlog.testing.PostgresServer;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class PostgresServerIT {

  @Test
  void aFreshDatabaseHasAnEmptyLogThatEveryRoleReads() throws SQLException {
    try (var database = PostgresServer.database();
        var connection = database.as("assay_lineage").getConnection();
        var rows =
            connection
                .createStatement()
                .executeQuery(
                    "select (select count(*) from log.event), epoch, session_user from log.head")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getLong(1)).isZero();
      assertThat(rows.getInt(2)).isEqualTo(1);
      assertThat(rows.getString(3)).isEqualTo("assay_lineage");
    }
  }
}
