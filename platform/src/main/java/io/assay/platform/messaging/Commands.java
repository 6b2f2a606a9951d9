package io.assay.platform.messaging;

import io.assay.platform.identity.Invocation;

/** Sends commands to their deciders. */
public interface Commands {

  /**
   * Decides the command and, if it is accepted, returns after its events are durable.
   *
   * <p>Throws {@link io.assay.platform.problem.ProblemException} with the rejection where it is
   * refused (its refusal is then in the log), and with {@code lost-race} where others kept winning.
   */
  <R> Receipt<R> send(Object command, Invocation invocation);
}
