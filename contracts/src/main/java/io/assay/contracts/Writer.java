package io.assay.contracts;

import java.util.Locale;

/** A service that appends events with a database role of its own. */
public enum Writer {
  REGISTRY,
  POLICY,
  LINEAGE,
  OPERATOR;

  /** The service's name as envelopes and configuration spell it. */
  public String service() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The service's database role. */
  public String role() {
    return "assay_" + service();
  }
}
