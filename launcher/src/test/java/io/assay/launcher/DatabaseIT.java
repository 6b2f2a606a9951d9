package io.assay.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.eventlog.LogMigrations;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that an administrator prepares with the one script. */
class DatabaseIT {

  private static final String SCHEMAS =
      "select nspname || ' of ' || nspowner::regrole from pg_namespace"
          + " where nspname !~ '^(pg_|information_schema|public)' order by 1";

  @TempDir private static Path temporary;
  private static DataFolder.Lock lock;
  private static Postgres postgres;
  private static Database database;

  @BeforeAll
  static void start() throws SQLException {
    var folder = new DataFolder(temporary.resolve("data"));
    lock = folder.lock();
    postgres = Postgres.start(folder);
    execute(
        postgres.superuser("postgres"),
        "create role administrator login createrole createdb password 'theirs'");
    database =
        new Database(
            new DatabaseServer(postgres.url(Database.NAME)),
            new Secrets(temporary.resolve("passwords")));
    database.prepare("administrator", "theirs"); // who is no superuser
    database.migrate();
  }

  @AfterAll
  static void stop() {
    postgres.close();
    lock.close();
  }

  @Test
  void theScriptMakesTheRolesAndSchemasThatTheCodeExpects() throws SQLException {
    execute(postgres.superuser("postgres"), "create database by_code");
    var passwords = new HashMap<String, String>();
    LogMigrations.ROLES.forEach(role -> passwords.put(role, database.passwords().get(role)));
    LogMigrations.bootstrap(postgres.superuser("by_code"), passwords);

    assertThat(rows(postgres.superuser(Database.NAME), SCHEMAS))
        .isEqualTo(rows(postgres.superuser("by_code"), SCHEMAS));
    assertThat(
            rows(
                postgres.superuser("postgres"),
                "select rolname from pg_roles where rolname ~ '^assay_' and rolcanlogin"
                    + " and not (rolsuper or rolcreaterole or rolcreatedb or rolbypassrls)"))
        .containsExactlyInAnyOrderElementsOf(LogMigrations.ROLES);
  }

  @Test
  void repeatingItChangesNothing() throws SQLException {
    var before = rows(postgres.superuser(Database.NAME), SCHEMAS);
    var password = database.passwords().get(LogMigrations.AUDIT);

    database.prepare(Postgres.SUPERUSER, postgres.password());
    database.migrate();

    assertThat(rows(postgres.superuser(Database.NAME), SCHEMAS)).isEqualTo(before);
    assertThat(database.passwords().get(LogMigrations.AUDIT)).isEqualTo(password);
  }

  @Test
  void everyRoleConnectsWithItsPasswordAndNobodyElseDoes() throws SQLException {
    for (var role : LogMigrations.ROLES) {
      var own = database.server().as(role, database.passwords().get(role));
      assertThat(rows(own, "select current_user")).containsExactly(role);
    }
    execute(postgres.superuser("postgres"), "create role stranger login password 'strange'");
    var stranger = database.server().as("stranger", "strange");
    assertThatThrownBy(() -> rows(stranger, "select 1"))
        .hasMessageContaining("permission denied for database");
  }

  @Test
  void whoMayNotCreateRolesIsToldSoInOneLine() throws SQLException {
    execute(postgres.superuser("postgres"), "create role nobody_special login password 'x'");
    var elsewhere =
        new Database(database.server(), new Secrets(temporary.resolve("others-passwords")));

    assertThatThrownBy(() -> elsewhere.prepare("nobody_special", "x"))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("cannot be prepared as nobody_special");
  }

  @Test
  void whatAServiceCannotStartForIsOneLineThatSaysWhatToDo() {
    var reasons =
        Stream.of(
                new SQLException("password authentication failed", "28P01"),
                new SQLException("database \"assay\" does not exist", "3D000"),
                new SQLException("permission denied for schema log", "42501"),
                new SQLException("Connection refused", "08001"))
            .map(reason -> StartFailure.line(new IllegalStateException("start", reason)))
            .collect(Collectors.toCollection(ArrayList::new));

    assertThat(reasons)
        .satisfiesExactly(
            line -> assertThat(line).contains("assay.database.passwords"),
            line -> assertThat(line).contains("prepare.sql"),
            line -> assertThat(line).contains("prepare.sql"),
            line -> assertThat(line).contains("assay.database.url"))
        .allSatisfy(line -> assertThat(line).doesNotContain("\n"));
  }

  private static List<String> rows(DataSource source, String query) throws SQLException {
    var rows = new ArrayList<String>();
    try (var connection = source.getConnection();
        var statement = connection.createStatement();
        var result = statement.executeQuery(query)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  private static void execute(DataSource source, String sql) throws SQLException {
    try (var connection = source.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
