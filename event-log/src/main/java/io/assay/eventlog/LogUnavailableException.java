package io.assay.eventlog;

/**
 * The log does not take this append at the moment: too many wait, or the database cannot be
 * reached. Nothing of it was written; try again later.
 */
public final class LogUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public LogUnavailableException(String message) {
    super(message);
  }

  public LogUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
