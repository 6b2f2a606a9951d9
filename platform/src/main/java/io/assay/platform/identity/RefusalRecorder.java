package io.assay.platform.identity;

import java.util.List;

/**
 * Writes into the log that an authenticated actor was refused for want of a role. Repeats by the
 * same actor on the same rule coalesce per minute.
 */
public interface RefusalRecorder {

  /**
   * Records one refusal.
   *
   * @param route that was asked for, such as {@code POST /api/v1/models}
   * @param anyOf the roles of which one was needed
   */
  void accessRefused(Invocation invocation, String route, List<String> anyOf);
}
