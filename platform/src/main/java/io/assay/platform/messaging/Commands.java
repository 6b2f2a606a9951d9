package io.assay.platform.messaging;

import io.assay.eventlog.Guard;
import io.assay.platform.identity.Invocation;
import org.jspecify.annotations.Nullable;

/** Sends commands to their deciders. */
public interface Commands {

  /**
   * Decides the command and, if it is accepted, returns after its events are durable.
   *
   * <p>Throws {@link io.assay.platform.problem.ProblemException} with the rejection where it is
   * refused (its refusal is then in the log), and with {@code lost-race} where others kept winning.
   */
  default <R> Receipt<R> send(Object command, Invocation invocation) {
    return send(command, invocation, null);
  }

  /**
   * The same, as long as nothing happened that the client has not seen.
   *
   * <p>Throws {@link io.assay.platform.problem.ProblemException} with {@code precondition-failed}
   * where something did, however late.
   *
   * @param seen what the client has seen all of, up to the marker; null where it does not say
   */
  <R> Receipt<R> send(Object command, Invocation invocation, @Nullable Guard seen);
}
