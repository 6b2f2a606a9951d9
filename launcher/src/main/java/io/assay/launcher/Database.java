package io.assay.launcher;

import io.assay.contracts.EventCatalogue;
import io.assay.eventlog.LogMigrations;
import io.assay.platform.identity.DirectoryMigrations;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Assay's database, on whatever server: roles, schemas and the tables that no service owns.
 *
 * @param passwords by role
 */
record Database(DatabaseServer server, Secrets passwords) {

  static final String NAME = "assay";

  /**
   * Creates roles, database and schemas where they are missing, mints the passwords that are, and
   * sets all of them.
   *
   * @param administrator may create roles and databases
   */
  void prepare(String administrator, String administratorPassword) {
    try {
      PreparingScript.run(server, administrator, administratorPassword);
      try (var connection = server.as(administrator, administratorPassword).getConnection()) {
        for (var role : new TreeSet<>(LogMigrations.ROLES)) {
          // Hashed here: the server's log never sees it.
          connection
              .unwrap(PGConnection.class)
              .alterUserPassword(role, passwords.mint(role).toCharArray(), "scram-sha-256");
        }
      }
    } catch (SQLException e) {
      throw new CannotStart(
          "The database cannot be prepared as " + administrator + ": " + e.getMessage(), e);
    }
  }

  /** Brings the tables that no service owns to this version, as their owner. */
  void migrate() {
    var owner = server.as(LogMigrations.OWNER, passwords.get(LogMigrations.OWNER));
    try {
      LogMigrations.migrate(owner);
      DirectoryMigrations.migrate(owner);
      LogMigrations.permit(owner, EventCatalogue.assay());
    } catch (FlywayException e) {
      throw new CannotStart(
          "The database " + server.url() + " is not of this version of Assay: " + firstLine(e), e);
    }
  }

  /** Itself, migrated where the owner's password is at hand; else somebody else has done it. */
  Database migrated() {
    if (passwords.has(LogMigrations.OWNER)) {
      migrate();
    }
    return this;
  }

  /** The database that {@code ASSAY_DATABASE_URL} names; null where it names none. */
  static @Nullable Database external() {
    var url = System.getenv("ASSAY_DATABASE_URL");
    if (url == null || url.isBlank()) {
      return null;
    }
    var passwords = System.getenv("ASSAY_DATABASE_PASSWORDS");
    if (passwords == null || passwords.isBlank()) {
      throw new CannotStart(
          "ASSAY_DATABASE_URL is set: set ASSAY_DATABASE_PASSWORDS to the folder of the roles'"
              + " passwords, a file for each, named as the role.");
    }
    return new Database(new DatabaseServer(url), new Secrets(Path.of(passwords).toAbsolutePath()));
  }

  /** The properties with which a service connects, as its own roles. */
  Map<String, Object> properties(Service service) {
    var properties = new LinkedHashMap<String, Object>();
    service
        .roles()
        .forEach((source, role) -> properties.put("datasources." + source + ".username", role));
    if (!properties.isEmpty()) {
      properties.put("assay.database.url", server.url());
      properties.put("assay.database.passwords", passwords.folder().toString());
    }
    return properties;
  }

  private static String firstLine(FlywayException failure) {
    return String.valueOf(failure.getMessage()).lines().limit(2).collect(Collectors.joining(" "));
  }
}
