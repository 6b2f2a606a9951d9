package io.assay.platform.messaging;

import io.assay.eventlog.Criterion;
import io.assay.eventlog.Guard;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import java.util.List;

/**
 * The rule of one slice: pure, without time, chance or input of its own.
 *
 * @param <C> the command, an imperative record
 * @param <S> what of the log the rule needs, immutable
 * @param <R> the answer to an accepted command
 */
public interface Decider<C, S, R> {

  /** The command that this rule decides. */
  Class<C> command();

  /** The events that the rule needs, and no wider: whatever matches conflicts with the command. */
  Query boundary(C command, Invocation invocation);

  /** The state before any event. */
  S initial();

  /** The state after the event. Never throws; ignores what it does not know. */
  S evolve(S state, RecordedEvent event);

  /** What the rule says. Ids are in the command, minted at the edge. */
  Outcome<R> decide(C command, S state, Invocation invocation);

  /**
   * Those criteria of the boundary that nothing matches when all is as usual, such as the tag of a
   * new name. The append itself finds out; they are read only when it conflicts, or the rule
   * refuses.
   */
  default List<Criterion> expectedAbsent(C command) {
    return List.of();
  }

  /** Further conditions of the append, such as a decision's own criteria and marker. */
  default List<Guard> guards(C command) {
    return List.of();
  }

  /** Changes when {@link #evolve} does: cached state of another version is not used. */
  default int stateVersion() {
    return 1;
  }
}
