package io.assay.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.EventCatalogue;
import io.assay.contracts.EventJson;
import io.assay.contracts.Writer;
import io.assay.eventlog.testing.EventLogConformance;
import io.assay.eventlog.testing.PostgresServer;
import org.junit.jupiter.api.AfterEach;

/** The log on PostgreSQL keeps every promise of the kit, and what it stored verifies. */
class PostgresEventLogConformanceIT extends EventLogConformance {

  private PostgresServer.Database database = PostgresServer.emptyDatabase();

  @Override
  protected EventLog openEmpty() {
    database.close();
    database = PostgresServer.database();
    LogMigrations.permit(database.owner(), EventCatalogue.assay());
    return openAgain();
  }

  @Override
  protected EventLog openAgain() {
    var role = database.as(Writer.REGISTRY.role());
    return configured(
            PostgresEventLog.on(
                role,
                role,
                Writer.REGISTRY.service(),
                EventCodec.of(new EventJson(EventCatalogue.assay()))))
        .open();
  }

  protected PostgresEventLog.Builder configured(PostgresEventLog.Builder log) {
    return log;
  }

  @AfterEach
  void whatIsStoredVerifies() {
    try (var stored = new PostgresStoredEvents(database.as(Writer.REGISTRY.role()))) {
      assertThat(LogVerifier.verify(stored).faults()).isEmpty();
    } finally {
      database.close();
    }
  }
}
