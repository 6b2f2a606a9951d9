package io.assay.eventlog;

import io.assay.contracts.EventCatalogue;
import io.assay.contracts.Writer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * Brings a database to where the log and the services can start: roles, schemas, the log's tables
 * and functions, and who may write which events. Everything here can be repeated.
 */
public final class LogMigrations {

  /** Owns the schemas of the log and of the directory, and migrates them. */
  public static final String OWNER = "assay_owner";

  /** Reads the log and owns the audit view. */
  public static final String AUDIT = "assay_audit";

  /** Every role of Assay. */
  public static final Set<String> ROLES =
      Set.of(
          OWNER,
          AUDIT,
          Writer.REGISTRY.role(),
          Writer.POLICY.role(),
          Writer.LINEAGE.role(),
          Writer.OPERATOR.role());

  private static final Map<String, String> SCHEMAS =
      new TreeMap<>(
          Map.of(
              "log",
              OWNER,
              "directory",
              OWNER,
              "registry",
              Writer.REGISTRY.role(),
              "policy",
              Writer.POLICY.role(),
              "lineage",
              Writer.LINEAGE.role(),
              "audit",
              AUDIT));

  private LogMigrations() {}

  /**
   * Creates the roles and schemas that are missing and sets the passwords given. Refuses to go on
   * without a password for every role.
   *
   * @param superuser of the database that becomes Assay's
   * @param passwords by role
   */
  public static void bootstrap(DataSource superuser, Map<String, String> passwords) {
    if (!passwords.keySet().containsAll(ROLES)) {
      throw new IllegalArgumentException("Every role needs a password: " + ROLES);
    }
    try (var connection = superuser.getConnection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      // Roles belong to the whole server: two databases may be prepared at once.
      statement.execute("select pg_advisory_xact_lock(hashtext('assay roles'))");
      for (var role : List.copyOf(new TreeMap<>(passwords).keySet())) {
        var known = exists(connection, "select from pg_roles where rolname = ?", role);
        statement.execute(
            (known ? "alter role " : "create role ")
                + statement.enquoteIdentifier(role, false)
                + " login password "
                + statement.enquoteLiteral(passwords.get(role)));
      }
      for (var schema : SCHEMAS.entrySet()) {
        statement.execute(
            "create schema if not exists "
                + schema.getKey()
                + " authorization "
                + schema.getValue());
      }
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot prepare the database: " + e.getMessage(), e);
    }
  }

  /**
   * Migrates the schema of the log to this version.
   *
   * @param owner connects as {@value #OWNER}
   */
  public static void migrate(DataSource owner) {
    Flyway.configure(LogMigrations.class.getClassLoader())
        .dataSource(owner)
        .locations("classpath:db/migration/log")
        .schemas("log")
        .defaultSchema("log")
        .createSchemas(false)
        .load()
        .migrate();
  }

  /**
   * Lets the roles of the services write the events of the catalogue, and no others.
   *
   * @param owner connects as {@value #OWNER}
   */
  public static void permit(DataSource owner, EventCatalogue catalogue) {
    try (var connection = owner.getConnection();
        var statement = connection.createStatement();
        var insert =
            connection.prepareStatement(
                "insert into log.writer (role, type, service) values (?, ?, ?)"
                    + " on conflict do nothing")) {
      connection.setAutoCommit(false);
      statement.execute("lock table log.writer in share row exclusive mode");
      statement.execute("delete from log.writer");
      for (var entry : catalogue.entries()) {
        for (var writer : entry.writers()) {
          insert.setString(1, writer.role());
          insert.setString(2, entry.type());
          insert.setString(3, writer.service());
          insert.addBatch();
        }
      }
      insert.executeBatch();
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot set who writes what: " + e.getMessage(), e);
    }
  }

  private static boolean exists(Connection connection, String query, String value)
      throws SQLException {
    try (var statement = connection.prepareStatement(query)) {
      statement.setString(1, value);
      try (var rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }
}
