package io.assay.platform.messaging;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochRandomGenerator;
import java.util.UUID;

/**
 * Ids of what commands make and record: UUIDs of version 7 (RFC 9562). They begin with the time, so
 * that what is made together lies together in every index; 74 bits are random.
 */
public final class Ids {

  private static final TimeBasedEpochRandomGenerator GENERATOR =
      Generators.timeBasedEpochRandomGenerator();

  private Ids() {}

  /** An id that nothing else has. */
  public static UUID next() {
    return GENERATOR.generate();
  }
}
