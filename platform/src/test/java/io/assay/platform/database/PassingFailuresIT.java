package io.assay.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.assay.eventlog.testing.PostgresServer;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Whatever a pooled connection does when the server is gone, a new one may do better. */
class PassingFailuresIT {

  @Test
  void aConnectionThatBreaksInTheMiddleOfATransactionFailsForTheMoment() throws SQLException {
    try (var database = PostgresServer.database();
        var pool = new HikariDataSource(configured(database));
        var connection = pool.getConnection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);

      var broken =
          catchThrowable(() -> statement.execute("select pg_terminate_backend(pg_backend_pid())"));

      assertThat(broken).matches(PassingFailures::isPassing);
      assertThat(catchThrowable(connection::rollback)).matches(PassingFailures::isPassing);
      assertThat(catchThrowable(() -> connection.setAutoCommit(true)))
          .matches(PassingFailures::isPassing);
      assertThat(catchThrowable(() -> connection.prepareStatement("select 1")))
          .matches(PassingFailures::isPassing);
    }
  }

  private static HikariConfig configured(PostgresServer.Database database) {
    var config = new HikariConfig();
    config.setDataSource(database.superuser());
    config.setMaximumPoolSize(1);
    return config;
  }
}
