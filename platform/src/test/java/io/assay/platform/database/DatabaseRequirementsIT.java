package io.assay.platform.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.eventlog.testing.PostgresServer;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service starts on no database that would lose what it acknowledges, or that is not its own. */
class DatabaseRequirementsIT {

  @Test
  void aDatabaseThatIsPreparedAndMigratedIsTaken() throws SQLException {
    try (var database = PostgresServer.database()) {
      assertThat(fault(database.as("assay_registry"), "registry", false)).isEmpty();
    }
  }

  @Test
  void aServerWithoutFsyncIsRefusedInProductionOnly() throws SQLException {
    try (var database = PostgresServer.database()) {
      assertThat(fault(database.as("assay_registry"), "registry", true))
          .hasValueSatisfying(line -> assertThat(line).contains("fsync=off", "set both to on"));
    }
  }

  @Test
  void aDatabaseWithoutTheSchemasIsNotPrepared() throws SQLException {
    try (var database = PostgresServer.emptyDatabase()) {
      assertThat(fault(database.as("assay_registry"), "registry", false))
          .hasValueSatisfying(
              line ->
                  assertThat(line).contains("is not prepared", "deploy/postgresql/prepare.sql"));
    }
  }

  @Test
  void aDatabaseWithoutTheLogIsNotMigrated() throws SQLException {
    try (var database = PostgresServer.emptyDatabase()) {
      execute(database.superuser(), "create schema log authorization assay_owner");
      execute(database.superuser(), "create schema registry authorization assay_registry");
      assertThat(fault(database.as("assay_registry"), "registry", false))
          .hasValueSatisfying(
              line -> assertThat(line).contains("is not migrated", "assay database migrate"));
    }
  }

  @Test
  void aRoleWithoutRightsOnTheLogIsToldSo() throws SQLException {
    try (var database = PostgresServer.database()) {
      execute(database.superuser(), "revoke select on log.event from assay_registry");
      assertThat(fault(database.as("assay_registry"), "registry", false))
          .hasValueSatisfying(line -> assertThat(line).contains("assay_registry lacks rights"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "on  | on  | on           | ''                | false | ''",
        "on  | on  | on           | 'ANY 1 (a, b)'    | true  | ''",
        "on  | on  | remote_apply | 'FIRST 1 (a, b)'  | true  | ''",
        "off | on  | on           | ''                | false | fsync=off",
        "on  | off | on           | ''                | false | full_page_writes=off",
        "on  | on  | off          | ''                | false | synchronous_commit=off",
        "on  | on  | on           | ''                | true  | quorum",
        "on  | on  | remote_write | 'ANY 1 (a, b)'    | true  | quorum",
        "on  | on  | local        | 'ANY 1 (a, b)'    | false | quorum",
      })
  void productionWantsWhatItAcknowledgesOnADiskThatIsLeft(
      String fsync, String pages, String commit, String standbys, boolean replicas, String fault) {
    var found = DatabaseRequirements.durabilityFault(fsync, pages, commit, standbys, replicas);
    if (fault.isEmpty()) {
      assertThat(found).isEmpty();
    } else {
      assertThat(found).hasValueSatisfying(line -> assertThat(line).contains(fault));
    }
  }

  private static Optional<String> fault(DataSource role, String schema, boolean production)
      throws SQLException {
    try (var connection = role.getConnection()) {
      connection.setSchema(schema);
      return DatabaseRequirements.fault(connection, production);
    }
  }

  private static void execute(DataSource source, String sql) throws SQLException {
    try (var connection = source.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
