package io.assay.platform.view;

import io.assay.eventlog.RecordedEvent;
import java.util.List;
import java.util.Set;

/**
 * A disposable projection of the log, or a reaction to it.
 *
 * <p>{@link #on} runs within the transaction that also moves the view's token. An event that fails
 * is parked, with the later ones of its sequence, and the others go on.
 */
public interface View {

  /** Unique within the deployment; names the token. */
  String name();

  /** The Micronaut datasource that holds the view's tables. */
  default String datasource() {
    return "default";
  }

  /** The stored types it handles; empty for all. */
  Set<String> types();

  /** What must stay in order: the events that are parked together when one of them fails. */
  String sequence(RecordedEvent event);

  /** Takes one event in. */
  void on(RecordedEvent event);

  /** Takes events in that follow each other in the log: as one by one, and perhaps cheaper. */
  default void on(List<RecordedEvent> events) {
    events.forEach(this::on);
  }

  /**
   * Empties the view, within a transaction. Truncates its tables: what another node has written and
   * not committed yet, a {@code delete} would leave.
   */
  void reset();

  /** Whether it may be emptied and replayed; a reaction, which sends commands, may not. */
  default boolean rebuildable() {
    return true;
  }
}
