package io.assay.eventlog;

/**
 * The log was closed before it could be found out whether the append is durable. It is or is not,
 * entirely; the events' ids tell.
 */
public final class AppendUncertainException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public AppendUncertainException(String message) {
    super(message);
  }
}
