package io.assay.platform.database;

/** The service does not start on this database; the message says what to do, in one line. */
public final class UnfitDatabaseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnfitDatabaseException(String line) {
    super(line);
  }

  UnfitDatabaseException(String line, Throwable cause) {
    super(line, cause);
  }
}
