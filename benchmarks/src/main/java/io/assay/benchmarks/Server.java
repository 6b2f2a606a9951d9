package io.assay.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** The PostgreSQL that a benchmark runs on. */
final class Server {

  private static final List<String> SETTINGS =
      List.of(
          "server_version",
          "fsync",
          "synchronous_commit",
          "full_page_writes",
          "wal_sync_method",
          "wal_level",
          "max_wal_size",
          "shared_buffers",
          "autovacuum_analyze_scale_factor",
          "data_checksums");

  private Server() {}

  /** What decides its figures. */
  static Map<String, String> settings(DataSource server, Path folder)
      throws SQLException, IOException {
    var settings = new LinkedHashMap<String, String>();
    try (var connection = server.getConnection();
        var statement = connection.createStatement()) {
      for (var setting : SETTINGS) {
        try (var value = statement.executeQuery("show " + setting)) {
          value.next();
          settings.put(setting, value.getString(1));
        }
      }
    }
    settings.put("file system", Files.getFileStore(folder).type());
    return settings;
  }

  static void execute(DataSource server, String sql) throws SQLException {
    try (var connection = server.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
