package io.assay.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * PostgreSQL in the data folder: on a loopback port, with passwords, durable. It is a process of
 * its own, so that the death of this one costs it nothing; a server that was left behind is stopped
 * before a new one starts.
 */
final class Postgres implements AutoCloseable {

  static final String SUPERUSER = "postgres";

  private static final int ATTEMPTS = 5;
  private static final String SECRET = "postgres-superuser";

  private final DataFolder folder;
  private final Path software;
  private final Path data;
  private final int port;
  private final String password;

  private Postgres(DataFolder folder, Path software, Path data, int port, String password) {
    this.folder = folder;
    this.software = software;
    this.data = data;
    this.port = port;
    this.password = password;
  }

  /** Starts the server of a folder that this process has locked; creates it the first time. */
  static Postgres start(DataFolder folder) {
    try {
      Files.createDirectories(folder.postgres());
    } catch (IOException e) {
      throw new CannotStart(
          "The folder " + folder.postgres() + " cannot be used: " + e.getMessage());
    }
    var software = PostgresBinaries.in(folder.postgres());
    var data = folder.postgres().resolve("data-" + PostgresBinaries.VERSION);
    var password = folder.secret(SECRET);
    if (!Files.exists(data)) {
      initialise(folder, software, data);
    }
    stopLeftBehind(folder, software, data);
    for (int attempt = 1; ; attempt++) {
      var postgres = new Postgres(folder, software, data, Ports.free(1)[0], password);
      if (postgres.run()) {
        return postgres;
      }
      if (attempt == ATTEMPTS) { // a port can be taken between its choice and its use, not five
        throw new CannotStart(
            "PostgreSQL does not start: see " + folder.logs().resolve("postgres.log"));
      }
    }
  }

  int port() {
    return port;
  }

  String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** Unpooled connections of a role. */
  DataSource as(String role, String rolePassword, String database) {
    var source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName(database);
    source.setUser(role);
    source.setPassword(rolePassword);
    return source;
  }

  /** Unpooled connections of the superuser. */
  DataSource superuser(String database) {
    return as(SUPERUSER, password, database);
  }

  /** The superuser's password. */
  String password() {
    return password;
  }

  @Override
  public void close() {
    pgCtl(folder, software, data, "-m", "fast", "-t", "60", "-w", "stop");
  }

  private boolean run() {
    var options =
        Map.ofEntries(
            Map.entry("port", Integer.toString(port)),
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("max_connections", "200"),
            Map.entry("shared_buffers", "512MB"),
            Map.entry("max_wal_size", "4GB"),
            // Tables only grow and no plan waits for figures: fewer samples of pages long written.
            Map.entry("autovacuum_analyze_scale_factor", "0.5"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("fsync", "on"),
            Map.entry("synchronous_commit", "on"));
    var words = new ArrayList<String>();
    options.forEach((key, value) -> words.add("-c " + key + "='" + value + "'"));
    return pgCtl(
        folder,
        software,
        data,
        "-o",
        String.join(" ", words),
        "-l",
        folder.logs().resolve("postgres.log").toString(),
        "-t",
        "120",
        "-w",
        "start");
  }

  private static void initialise(DataFolder folder, Path software, Path data) {
    var partial = data.resolveSibling("data.partial");
    try {
      Trees.delete(partial);
      var done =
          execute(
              folder,
              List.of(
                  software.resolve("bin/initdb").toString(),
                  "-D",
                  partial.toString(),
                  "-U",
                  SUPERUSER,
                  "-A",
                  "scram-sha-256",
                  "--pwfile=" + folder.secretFile(SECRET),
                  "-E",
                  "UTF-8",
                  "--locale-provider=builtin",
                  "--builtin-locale=C.UTF-8",
                  "--locale=C",
                  "--data-checksums"));
      if (!done) {
        throw new CannotStart(
            "The database cannot be created: see " + folder.logs().resolve("postgres-start.log"));
      }
      Files.move(partial, data);
    } catch (IOException e) {
      throw new CannotStart("The database cannot be created: " + e.getMessage(), e);
    }
  }

  /** A server survives the process that started it where that was killed. */
  private static void stopLeftBehind(DataFolder folder, Path software, Path data) {
    var pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    try {
      long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
      var isServer =
          ProcessHandle.of(pid)
              .flatMap(process -> process.info().command())
              .filter(command -> command.endsWith("/postgres"))
              .isPresent();
      if (isServer) {
        pgCtl(folder, software, data, "-m", "fast", "-t", "60", "-w", "stop");
      } else {
        Files.deleteIfExists(pidFile); // the number is free, or another program's by now
      }
    } catch (IOException | NumberFormatException e) {
      throw new CannotStart("The file " + pidFile + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean pgCtl(DataFolder folder, Path software, Path data, String... arguments) {
    var command = new ArrayList<>(List.of(software.resolve("bin/pg_ctl").toString(), "-D"));
    command.add(data.toString());
    command.addAll(List.of(arguments));
    return execute(folder, command);
  }

  private static boolean execute(DataFolder folder, List<String> command) {
    var words = new ArrayList<String>();
    if (Root.isCurrentUser()) {
      words.addAll(Root.SHED); // PostgreSQL refuses to run as root
    }
    words.addAll(command);
    var output = folder.logs().resolve("postgres-start.log").toFile();
    try {
      var process =
          new ProcessBuilder(words)
              .directory(folder.path().toFile())
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
              .start();
      if (!process.waitFor(3, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException e) {
      throw new CannotStart("PostgreSQL cannot be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart("Interrupted while PostgreSQL was starting or stopping", e);
    }
  }
}
