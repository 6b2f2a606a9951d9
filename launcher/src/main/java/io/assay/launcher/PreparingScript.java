package io.assay.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import javax.sql.DataSource;

/**
 * The one script that prepares a server: roles, database, schemas. It is {@code
 * deploy/postgresql/prepare.sql}, for administrators and for this program alike.
 */
final class PreparingScript {

  private static final String RESOURCE = "/database/prepare.sql";
  private static final String CONNECT = "\\connect ";
  private static final String EXECUTE_RESULT = "\\gexec";

  private PreparingScript() {}

  static String text() {
    try (var file = PreparingScript.class.getResourceAsStream(RESOURCE)) {
      if (file == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs it as psql does, of whose commands it uses two. */
  static void run(DatabaseServer server, String administrator, String password)
      throws SQLException {
    DataSource source = server.to(DatabaseServer.MAINTENANCE, administrator, password);
    var connection = source.getConnection();
    var pending = new StringBuilder();
    try {
      for (var line : text().lines().toList()) {
        if (line.startsWith(CONNECT)) {
          execute(connection, pending);
          connection.close();
          var database = line.substring(CONNECT.length()).strip();
          connection = server.to(database, administrator, password).getConnection();
        } else if (line.endsWith(EXECUTE_RESULT)) {
          execute(connection, pending);
          executeResult(connection, line.substring(0, line.length() - EXECUTE_RESULT.length()));
        } else {
          pending.append(line).append('\n');
        }
      }
      execute(connection, pending);
    } finally {
      connection.close();
    }
  }

  private static void execute(Connection connection, StringBuilder pending) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(pending.toString());
    }
    pending.setLength(0);
  }

  private static void executeResult(Connection connection, String query) throws SQLException {
    var statements = new ArrayList<String>();
    try (var statement = connection.createStatement()) {
      try (var rows = statement.executeQuery(query)) {
        while (rows.next()) {
          statements.add(rows.getString(1));
        }
      }
      for (var made : statements) {
        statement.execute(made);
      }
    }
  }
}
