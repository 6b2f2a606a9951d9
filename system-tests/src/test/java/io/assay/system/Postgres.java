package io.assay.system;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * A real PostgreSQL server, durable as in production, of which Assay knows no more than its
 * address. It can be killed, be followed by a replica, and be one that is promoted.
 */
final class Postgres implements AutoCloseable {

  /** Of the superuser. */
  static final String PASSWORD = "postgres";

  private static final Map<String, String> DURABLE =
      Map.of(
          "fsync", "on",
          "full_page_writes", "on",
          "synchronous_commit", "on",
          "max_connections", "200",
          "wal_keep_size", "256MB");

  /** Of a server's own, or made anew by a copy. */
  private static final Set<String> NOT_COPIED =
      Set.of("postmaster.pid", "postmaster.opts", "pg_wal", "pg_replslot", "pg_stat_tmp");

  private final Path data;
  private final Map<String, String> settings;
  private final int port;
  private EmbeddedPostgres server;

  private Postgres(Path data, Map<String, String> settings, EmbeddedPostgres server) {
    this.data = data;
    this.settings = settings;
    this.server = server;
    this.port = server.getPort();
  }

  /** Starts a new, empty server. */
  static Postgres start(Path data, Map<String, String> settings) {
    var all = new TreeMap<>(DURABLE);
    all.putAll(settings);
    return new Postgres(data, all, run(data, all, 0));
  }

  /** Starts a streaming replica of this server, as a base backup makes it. */
  Postgres replica(Path copy, String name) {
    try (var connection = server.getPostgresDatabase().getConnection()) {
      run(connection, "select pg_backup_start('replica', true)");
      copy(data, copy);
      String label;
      try (var statement = connection.createStatement();
          var stopped = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
        stopped.next();
        label = stopped.getString(1);
      }
      Files.writeString(copy.resolve("backup_label"), label);
      Files.writeString(copy.resolve("standby.signal"), "");
      Files.writeString(
          copy.resolve("postgresql.auto.conf"),
          "primary_conninfo = 'host=127.0.0.1 port="
              + port
              + " user=postgres password=postgres application_name="
              + name
              + "'\n",
          StandardOpenOption.APPEND);
      return new Postgres(copy, settings, run(copy, settings, 0));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes a setting of the running server. */
  void set(String setting, String value) {
    execute("alter system set " + setting + " = '" + value + "'");
    execute("select pg_reload_conf()");
  }

  /** Runs a statement as the superuser. */
  void execute(String sql) {
    try (var connection = server.getPostgresDatabase().getConnection()) {
      run(connection, sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes a primary of a replica. */
  void promote() {
    if (!is("select pg_promote(true, 60)")) {
      throw new AssertionError("The replica is not promoted");
    }
  }

  /** The answer to a question with a yes or a no. */
  boolean is(String query) {
    try (var connection = superuser().getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(query)) {
      row.next();
      return row.getBoolean(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code kill -9} of the server and of every process that it started. */
  void kill() {
    try {
      var lines = Files.readAllLines(data.resolve("postmaster.pid"));
      var postmaster = ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).orElseThrow();
      var all = Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
      all.forEach(ProcessHandle::destroyForcibly);
      for (var process : all) {
        process.onExit().get(30, TimeUnit.SECONDS);
      }
      close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("PostgreSQL survived its killing", e);
    }
  }

  /** Starts it again where it was killed, on the same port. */
  void startAgain() {
    server = run(data, settings, port);
  }

  String host() {
    return "127.0.0.1:" + port;
  }

  /** The JDBC URL of Assay's database. */
  String url() {
    return "jdbc:postgresql://" + host() + "/assay";
  }

  /** Unpooled connections of the superuser to Assay's database. */
  DataSource superuser() {
    return server.getDatabase("postgres", "assay");
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IllegalStateException e) {
      if (Files.exists(data.resolve("postmaster.pid")) && isRunning()) {
        throw e;
      } // it was killed: there is nothing left to stop
    }
  }

  private boolean isRunning() {
    try {
      var lines = Files.readAllLines(data.resolve("postmaster.pid"));
      return ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static EmbeddedPostgres run(Path data, Map<String, String> settings, int port) {
    try {
      var builder = EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false);
      settings.forEach(builder::setServerConfig);
      if (port != 0) {
        builder.setPort(port);
      }
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder)));
            var name = String.valueOf(folder.getFileName());
            if (name.equals("pg_wal")) {
              Files.createDirectories(
                  to.resolve(from.relativize(folder)).resolve("archive_status"));
            }
            return NOT_COPIED.contains(name)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!NOT_COPIED.contains(String.valueOf(file.getFileName()))) {
              Files.copy(file, to.resolve(from.relativize(file)));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE; // removed meanwhile, which a backup has to expect
          }
        });
    Files.setPosixFilePermissions(
        to, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
  }
}
