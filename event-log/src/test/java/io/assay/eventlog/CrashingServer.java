package io.assay.eventlog;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.assay.contracts.EventCatalogue;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL of its own, crash-safe as in production, that can be killed and started again.
 *
 * <p>A killed process tests PostgreSQL's own recovery; what the operating system still holds of its
 * files survives, which the failure of a machine would not grant.
 */
final class CrashingServer implements AutoCloseable {

  private static final String PASSWORD = "test-only";

  private final Path folder;
  private final int port;
  private EmbeddedPostgres server;

  CrashingServer(Path folder) throws IOException {
    this.folder = folder;
    server = builder().start();
    port = server.getPort();
    LogMigrations.bootstrap(
        server.getPostgresDatabase(),
        LogMigrations.ROLES.stream()
            .collect(Collectors.toMap(Function.identity(), role -> PASSWORD)));
    LogMigrations.migrate(as(LogMigrations.OWNER));
    LogMigrations.permit(as(LogMigrations.OWNER), EventCatalogue.assay());
  }

  private EmbeddedPostgres.Builder builder() {
    return EmbeddedPostgres.builder()
        .setDataDirectory(folder)
        .setCleanDataDirectory(false)
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on");
  }

  DataSource as(String role) {
    var source = new PGSimpleDataSource();
    source.setUrl(url());
    source.setUser(role);
    source.setPassword(PASSWORD);
    return source;
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  String password() {
    return PASSWORD;
  }

  /** {@code kill -9} of the postmaster and of every process that it started. */
  void kill() throws IOException, InterruptedException {
    var lines = Files.readAllLines(folder.resolve("postmaster.pid"));
    var postmaster = ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).orElseThrow();
    var all = Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    for (var process : all) {
      try {
        process.onExit().get(10, SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException("PostgreSQL survived its killing", e);
      }
    }
    // Gives up the handle; there is nothing left to stop.
    server.close();
  }

  void startAgain() throws IOException {
    server = builder().setPort(port).start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
