package io.assay.platform.http;

/** Waits until a view has passed a position. */
@FunctionalInterface
public interface MinPosition {

  /**
   * Returns once the view has passed the position.
   *
   * @throws io.assay.platform.problem.ProblemException 400 if the position is at or beyond the
   *     head, 503 if the view has not passed it within two seconds
   */
  void await(String view, long position);
}
