package io.assay.eventlog;

import io.assay.eventlog.testing.EventLogConformance;
import io.assay.eventlog.testing.InMemoryEventLog;
import java.time.Duration;
import java.util.List;

/** Stores that the conformance kit must not let pass. They are run by the kit's own test alone. */
final class BrokenStores {

  private static final int SELDOM = 40;

  private BrokenStores() {}

  /** Not a test by itself: it fails, and must. */
  abstract static class Broken extends EventLogConformance {

    private EventLog log = new InMemoryEventLog();

    abstract EventLog broken();

    @Override
    protected EventLog openEmpty() {
      log = broken();
      return log;
    }

    @Override
    protected EventLog openAgain() {
      return log;
    }

    @Override
    protected Duration patience() {
      return Duration.ofSeconds(1);
    }
  }

  static class Drops extends Broken {
    @Override
    EventLog broken() {
      return new InMemoryEventLog() {
        private int count;

        @Override
        protected void record(List<RecordedEvent> store, RecordedEvent event) {
          if (++count % SELDOM != 0) {
            store.add(event);
          }
        }
      };
    }
  }

  static class Reorders extends Broken {
    @Override
    EventLog broken() {
      return new InMemoryEventLog() {
        @Override
        protected void record(List<RecordedEvent> store, RecordedEvent event) {
          store.add(store.size() % SELDOM == SELDOM - 1 ? store.size() - 1 : store.size(), event);
        }
      };
    }
  }

  static class Duplicates extends Broken {
    @Override
    EventLog broken() {
      return new InMemoryEventLog() {
        @Override
        protected void record(List<RecordedEvent> store, RecordedEvent event) {
          store.add(event);
          if (store.size() % SELDOM == 0) {
            store.add(event);
          }
        }
      };
    }
  }

  static class OverlooksTheMarker extends Broken {
    @Override
    EventLog broken() {
      return new InMemoryEventLog() {
        @Override
        protected boolean breaks(Guard guard, RecordedEvent event) {
          return event.position() > guard.marker();
        }
      };
    }
  }

  static class ConflictsTooEarly extends Broken {
    @Override
    EventLog broken() {
      return new InMemoryEventLog() {
        @Override
        protected boolean breaks(Guard guard, RecordedEvent event) {
          return event.position() >= guard.marker() - 1;
        }
      };
    }
  }

  static class IgnoresGuards extends Broken {
    @Override
    EventLog broken() {
      return new InMemoryEventLog() {
        @Override
        protected boolean breaks(Guard guard, RecordedEvent event) {
          return false;
        }
      };
    }
  }

  static class MixesWorkspaces extends Broken {
    @Override
    EventLog broken() {
      return new InMemoryEventLog() {
        @Override
        protected boolean matches(Query query, RecordedEvent event) {
          return super.matches(new Query(event.metadata().workspace(), query.criteria()), event);
        }
      };
    }
  }
}
