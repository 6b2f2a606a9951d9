package io.assay.eventlog;

import java.util.UUID;

/**
 * A log that remembers its latest events, so few that they are soon dropped, keeps every promise.
 */
class FollowingEventLogConformanceIT extends PostgresEventLogConformanceIT {

  @Override
  protected PostgresEventLog.Builder configured(PostgresEventLog.Builder log) {
    return log.remembering(20, UUID.randomUUID().toString());
  }
}
