package io.assay.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresIT {

  @TempDir Path temporary;

  @Test
  void theServerIsDurableAsksForPasswordsAndKeepsItsData() throws SQLException {
    var folder = new DataFolder(temporary);
    try (var lock = folder.lock()) {
      try (var postgres = Postgres.start(folder)) {
        var superuser = postgres.superuser("postgres");
        assertThat(one(superuser, "show fsync")).isEqualTo("on");
        assertThat(one(superuser, "show synchronous_commit")).isEqualTo("on");
        assertThat(one(superuser, "show listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(one(superuser, "show data_checksums")).isEqualTo("on");
        assertThat(one(superuser, "show server_version")).startsWith(PostgresBinaries.VERSION);
        assertThatThrownBy(
                () -> one(postgres.as(Postgres.SUPERUSER, "guessed", "postgres"), "select 1"))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("password authentication failed");
        execute(superuser, "create table kept as select 'still here' as line");
      }
      try (var postgres = Postgres.start(folder)) {
        assertThat(one(postgres.superuser("postgres"), "select line from kept"))
            .isEqualTo("still here");
      }
    }
  }

  @Test
  void aServerThatWasLeftBehindIsStoppedBeforeANewOneStarts() throws Exception {
    var folder = new DataFolder(temporary);
    try (var lock = folder.lock()) {
      var leftBehind = Postgres.start(folder);
      execute(leftBehind.superuser("postgres"), "create table kept as select 'still here' as line");
      var pidFile = folder.postgres().resolve("data-18/postmaster.pid");
      long leftBehindPid = pid(pidFile);

      try (var postgres = Postgres.start(folder)) {
        assertThat(pid(pidFile)).isNotEqualTo(leftBehindPid);
        assertThat(one(postgres.superuser("postgres"), "select line from kept"))
            .isEqualTo("still here");
      }
    }
  }

  @Test
  void aPidFileThatNamesAnotherProgramStopsNothing() throws Exception {
    var folder = new DataFolder(temporary);
    try (var lock = folder.lock()) {
      Postgres.start(folder).close();
      Files.writeString(
          folder.postgres().resolve("data-18/postmaster.pid"),
          ProcessHandle.current().pid() + "\n/somewhere\n");

      try (var postgres = Postgres.start(folder)) {
        assertThat(one(postgres.superuser("postgres"), "select 'here'")).isEqualTo("here");
      }
    }
  }

  private static long pid(Path pidFile) throws IOException {
    return Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
  }

  private static String one(DataSource source, String query) throws SQLException {
    try (var connection = source.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void execute(DataSource source, String statement) throws SQLException {
    try (var connection = source.getConnection();
        var execution = connection.createStatement()) {
      execution.execute(statement);
    }
  }
}
