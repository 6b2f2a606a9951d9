package io.assay.eventlog;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a store really holds, byte for byte, for verification: a database or an exported pack.
 *
 * <p>Answers exactly what is there and repairs nothing.
 */
@FunctionalInterface
public interface StoredEvents {

  /** At most {@code limit} events from a position on, ascending; empty at the end. */
  List<StoredEvent> read(long fromPosition, int limit);

  /**
   * One event as it is stored.
   *
   * @param leaf the stored leaf hash
   * @param columns the fields of the envelope that the store repeats beside it, under the
   *     envelope's names and in its spelling; empty where it repeats none
   * @param tags the tags under which the store finds the event; null where it has no such index
   */
  record StoredEvent(
      long position,
      byte[] envelope,
      byte[] leaf,
      Map<String, String> columns,
      @Nullable List<String> tags,
      List<StoredSection> sections) {

    public StoredEvent {
      columns = Map.copyOf(columns);
      tags = tags == null ? null : List.copyOf(tags);
      sections = List.copyOf(sections);
    }
  }

  /**
   * One section as it is stored; without salt and bytes once it is erased.
   *
   * @param digest the stored digest; null where the store keeps it in the envelope alone
   */
  record StoredSection(
      String name, byte @Nullable [] digest, byte @Nullable [] salt, byte @Nullable [] bytes) {}
}
