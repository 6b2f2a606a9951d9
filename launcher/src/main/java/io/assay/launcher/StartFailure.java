package io.assay.launcher;

import io.assay.platform.database.UnfitDatabaseException;
import java.net.BindException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.util.Objects;
import org.flywaydb.core.api.FlywayException;

/** Why a service does not start, in one line that says what to do. */
final class StartFailure {

  private StartFailure() {}

  static String line(Throwable failure) {
    Throwable deepest = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case UnfitDatabaseException unfit -> {
          return firstLine(unfit.getMessage());
        }
        case SQLException sql -> {
          return database(sql);
        }
        case FlywayException flyway -> {
          return "its tables are not of this version of Assay: " + firstLine(flyway.getMessage());
        }
        case BindException bind -> {
          return "its port is taken (" + bind.getMessage() + "): set micronaut.server.port.";
        }
        case FileSystemException file -> {
          return "it cannot use the file " + firstLine(file.getMessage()) + ".";
        }
        default -> deepest = cause;
      }
    }
    return firstLine(deepest.getMessage() == null ? deepest.toString() : deepest.getMessage());
  }

  private static String database(SQLException failure) {
    var said = firstLine(failure.getMessage());
    return switch (Objects.requireNonNullElse(failure.getSQLState(), "")) {
      case "28P01", "28000" ->
          "the database refuses its role ("
              + said
              + "): put the role's password into assay.database.passwords, or prepare the database.";
      case "3D000" ->
          "its database is missing ("
              + said
              + "): an administrator runs deploy/postgresql/prepare.sql.";
      case "42501" ->
          "its role lacks rights ("
              + said
              + "): an administrator runs deploy/postgresql/prepare.sql.";
      default -> "the database cannot be used (" + said + "): see assay.database.url.";
    };
  }

  private static String firstLine(@org.jspecify.annotations.Nullable String text) {
    return String.valueOf(text).lines().findFirst().orElse("");
  }
}
