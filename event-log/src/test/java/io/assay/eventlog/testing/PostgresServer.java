package io.assay.eventlog.testing;

import io.assay.eventlog.LogMigrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One embedded PostgreSQL a JVM, on a free port of the loopback interface, stopped with the JVM.
 *
 * <p>Crash safety is off ({@code fsync=off}): a test that kills the server starts one of its own.
 */
public final class PostgresServer {

  /** The password of every role of Assay, in tests. */
  public static final String PASSWORD = "test-only";

  private static final String TEMPLATE = "assay_template";

  private static final class Running {
    static final EmbeddedPostgres SERVER = start();
  }

  private PostgresServer() {}

  /** A fresh database: roles and schemas are there, the log is migrated and empty. */
  public static Database database() {
    return copyOf(TEMPLATE);
  }

  /** A fresh database with nothing in it but the roles. */
  public static Database emptyDatabase() {
    return copyOf("template1");
  }

  private static Database copyOf(String template) {
    var name = "test_" + UUID.randomUUID().toString().replace("-", "");
    // Copying refuses while another copy of the same template runs.
    synchronized (PostgresServer.class) {
      execute("create database " + name + " template " + template);
    }
    return new Database(name);
  }

  private static EmbeddedPostgres start() {
    try {
      var server =
          EmbeddedPostgres.builder()
              .setServerConfig("fsync", "off")
              .setServerConfig("full_page_writes", "off")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("max_connections", "200")
              .start();
      var passwords =
          LogMigrations.ROLES.stream()
              .collect(Collectors.toMap(Function.identity(), role -> PASSWORD));
      try (var connection = server.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("create database " + TEMPLATE);
      }
      LogMigrations.bootstrap(server.getDatabase("postgres", TEMPLATE), passwords);
      LogMigrations.migrate(dataSource(server.getPort(), TEMPLATE, LogMigrations.OWNER, PASSWORD));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void execute(String sql) {
    try (var connection = Running.SERVER.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static DataSource dataSource(int port, String database, String user, String password) {
    var source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName(database);
    source.setUser(user);
    source.setPassword(password);
    return source;
  }

  /** A database of its own; closing drops it, whoever is still connected. */
  public static final class Database implements AutoCloseable {

    private final String name;

    private Database(String name) {
      this.name = name;
    }

    public String name() {
      return name;
    }

    public int port() {
      return Running.SERVER.getPort();
    }

    /** The JDBC URL without user and password. */
    public String url() {
      return "jdbc:postgresql://127.0.0.1:" + port() + "/" + name;
    }

    /** Unpooled connections of the server's superuser. */
    public DataSource superuser() {
      return dataSource(port(), name, "postgres", "postgres");
    }

    /** Unpooled connections of the owner of the log. */
    public DataSource owner() {
      return as(LogMigrations.OWNER);
    }

    /** Unpooled connections of a role of Assay, by {@code assay_registry} and so on. */
    public DataSource as(String role) {
      return dataSource(port(), name, role, PASSWORD);
    }

    /** The first column of the first row of a query, asked by the owner of the log. */
    public String single(String query) {
      try (var connection = owner().getConnection();
          var statement = connection.createStatement();
          var rows = statement.executeQuery(query)) {
        rows.next();
        return rows.getString(1);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    /** What a service needs to connect, by Micronaut's property names. */
    public Map<String, String> properties(String role) {
      return Map.of(
          "datasources.default.url",
          url(),
          "datasources.default.username",
          role,
          "datasources.default.password",
          PASSWORD,
          "assay.database.url",
          url());
    }

    @Override
    public void close() {
      execute("drop database if exists " + name + " with (force)");
    }
  }
}
