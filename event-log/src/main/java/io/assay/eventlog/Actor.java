package io.assay.eventlog;

import java.util.Locale;

/**
 * Who acted.
 *
 * @param id a minted pseudonym; names of people are not in the log
 */
public record Actor(String id, Kind kind) {

  /** What sort of actor it is. */
  public enum Kind {
    PERSON,
    SERVICE,
    SYSTEM;

    /** The spelling in envelopes. */
    public String spelling() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Kind parse(String spelling) {
      return valueOf(spelling.toUpperCase(Locale.ROOT));
    }
  }

  public Actor {
    if (id.isBlank()) {
      throw new IllegalArgumentException("An actor has an id");
    }
  }
}
