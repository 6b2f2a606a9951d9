package io.assay.system;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/** A real PostgreSQL server, of which Assay knows no more than its address. */
final class Postgres implements AutoCloseable {

  /** Of the superuser. */
  static final String PASSWORD = "postgres";

  private final EmbeddedPostgres server;

  private Postgres(EmbeddedPostgres server) {
    this.server = server;
  }

  static Postgres start(Path data, Map<String, String> settings) {
    try {
      var builder = EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(true);
      settings.forEach(builder::setServerConfig);
      return new Postgres(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The JDBC URL of Assay's database. */
  String url() {
    return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/assay";
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
