package io.assay.launcher;

import io.assay.contracts.EventCatalogue;
import io.assay.eventlog.LogMigrations;
import io.assay.platform.identity.DirectoryMigrations;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.flywaydb.core.api.FlywayException;

/**
 * Assay's database on the embedded server: roles, schemas and the tables that no service owns.
 *
 * @param passwords by role
 */
record Database(String url, Map<String, String> passwords) {

  private static final String NAME = "assay";

  /** Brings the database to where services can start. Repeats nothing that is done. */
  static Database prepare(Postgres postgres, DataFolder folder) {
    create(postgres);
    var passwords = new LinkedHashMap<String, String>();
    for (var role : new TreeSet<>(LogMigrations.ROLES)) {
      passwords.put(role, folder.secret(role));
    }
    LogMigrations.bootstrap(postgres.superuser(NAME), passwords);
    var owner =
        postgres.as(
            LogMigrations.OWNER, Objects.requireNonNull(passwords.get(LogMigrations.OWNER)), NAME);
    try {
      LogMigrations.migrate(owner);
      DirectoryMigrations.migrate(owner);
    } catch (FlywayException e) {
      throw new CannotStart(
          "The database in " + folder.path() + " is not of this version of Assay: " + firstLine(e),
          e);
    }
    LogMigrations.permit(owner, EventCatalogue.assay());
    return new Database(postgres.url(NAME), Map.copyOf(passwords));
  }

  /** The properties with which a service connects. */
  Map<String, Object> properties(Service service) {
    var properties = new LinkedHashMap<String, Object>();
    service
        .roles()
        .forEach(
            (source, role) -> {
              properties.put("datasources." + source + ".url", url);
              properties.put("datasources." + source + ".username", role);
              properties.put("datasources." + source + ".password", passwords.get(role));
            });
    if (!properties.isEmpty()) {
      properties.put("assay.database.url", url);
    }
    return properties;
  }

  private static String firstLine(FlywayException failure) {
    return String.valueOf(failure.getMessage()).lines().limit(2).collect(Collectors.joining(" "));
  }

  private static void create(Postgres postgres) {
    try (var connection = postgres.superuser("postgres").getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery("select 1 from pg_database where datname = '" + NAME + "'")) {
      if (!rows.next()) {
        connection.createStatement().execute("create database " + NAME);
      }
    } catch (SQLException e) {
      throw new CannotStart("The database cannot be created: " + e.getMessage(), e);
    }
  }
}
