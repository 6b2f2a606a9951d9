package io.assay.eventlog;

import io.assay.eventlog.testing.EventLogConformance;
import io.assay.eventlog.testing.InMemoryEventLog;

/** What stands in for the log in tests keeps its promises too. */
class InMemoryEventLogTest extends EventLogConformance {

  private EventLog log = new InMemoryEventLog();

  @Override
  protected EventLog openEmpty() {
    log = new InMemoryEventLog();
    return log;
  }

  @Override
  protected EventLog openAgain() {
    return log;
  }
}
