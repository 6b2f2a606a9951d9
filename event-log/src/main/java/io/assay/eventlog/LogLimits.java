package io.assay.eventlog;

/** What an event may measure. The database holds the same limits; these give the earlier answer. */
public final class LogLimits {

  /** Tags of one event. */
  public static final int TAGS = 16;

  /** Bytes of an envelope. */
  public static final int ENVELOPE_BYTES = 16 * 1024;

  /** Bytes of a section. */
  public static final int SECTION_BYTES = 256 * 1024;

  /** Events of one append. */
  public static final int APPEND_EVENTS = 1000;

  private LogLimits() {}
}
