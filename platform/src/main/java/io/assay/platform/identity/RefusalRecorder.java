package io.assay.platform.identity;

import java.util.List;

/**
 * Writes into the log that an authenticated actor was refused for want of a role, or by another
 * rule of the door. Repeats by the same actor on the same rule coalesce per minute.
 */
public interface RefusalRecorder {

  /**
   * Records one refusal.
   *
   * @param route that was asked for, such as {@code POST /api/v1/models}
   * @param anyOf the roles of which one was needed
   */
  void accessRefused(Invocation invocation, String route, List<String> anyOf);

  /**
   * Records one refusal by another rule than a role.
   *
   * @param rule that was broken
   */
  void accessRefused(Invocation invocation, String route, String rule);
}
