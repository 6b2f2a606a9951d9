package io.assay.platform.health;

import java.util.Optional;

/** One thing that a service needs before it can answer; a bean of each is asked. */
public interface Readiness {

  /** What is needed, as operators call it. */
  String name();

  /** Why it is not there; empty if it is. May block for a few seconds; may throw. */
  Optional<String> fault();
}
