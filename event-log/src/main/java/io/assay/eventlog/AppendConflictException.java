package io.assay.eventlog;

/** A guard of the append did not hold; nothing of it was written. Decide anew and try again. */
public final class AppendConflictException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long marker;

  public AppendConflictException(String message, long marker) {
    super(message, null, false, false);
    this.marker = marker;
  }

  /** The count of events in the log when the conflict was found. */
  public long marker() {
    return marker;
  }
}
