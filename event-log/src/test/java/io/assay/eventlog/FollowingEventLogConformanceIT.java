package io.assay.eventlog;

/**
 * A log that remembers its latest events, so few that they are soon dropped, keeps every promise.
 */
class FollowingEventLogConformanceIT extends PostgresEventLogConformanceIT {

  @Override
  protected PostgresEventLog.Builder configured(PostgresEventLog.Builder log) {
    return log.remembering(20);
  }
}
