package io.assay.eventlog;

/**
 * The log does not take this append, now or later: over a limit, by the wrong role, malformed.
 * Nothing of it was written.
 */
public final class AppendRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public AppendRefusedException(String message) {
    super(message);
  }

  public AppendRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
