package io.assay.eventlog;

/** Where the events of an append stand, now durable. */
public record Appended(long firstPosition, long lastPosition) {

  /** The count of events up to and with the last of them. */
  public long marker() {
    return lastPosition + 1;
  }
}
