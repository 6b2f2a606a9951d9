package io.assay.platform.messaging;

import io.assay.eventlog.Appended;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The answer to a command that was not refused.
 *
 * @param position of the last event that it appended; empty when nothing changed
 * @param appended what is known of its events without reading them
 */
public record Receipt<R>(R answer, OptionalLong position, Optional<Appended> appended) {

  /** Where nothing changed, or no more is known. */
  public Receipt(R answer, OptionalLong position) {
    this(answer, position, Optional.empty());
  }

  static <R> Receipt<R> of(R answer, Appended appended) {
    return new Receipt<>(answer, OptionalLong.of(appended.lastPosition()), Optional.of(appended));
  }
}
