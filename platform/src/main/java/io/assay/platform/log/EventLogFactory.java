package io.assay.platform.log;

import io.assay.contracts.EventCatalogue;
import io.assay.contracts.EventJson;
import io.assay.eventlog.EventCodec;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.PostgresEventLog;
import io.micronaut.configuration.jdbc.hikari.DatasourceConfiguration;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import jakarta.inject.Singleton;
import java.time.Clock;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Opens the log with the database role of the running service, which alone decides which events it
 * may write.
 */
@Factory
@Requires(property = "datasources.default.url")
@Requires(property = "assay.service")
final class EventLogFactory {

  /** The latest events, which views and decisions of the process read from memory. */
  private static final int REMEMBERED = 10_000;

  @Singleton
  EventCatalogue catalogue() {
    return EventCatalogue.assay();
  }

  @Singleton
  EventCodec codec(EventCatalogue catalogue) {
    return EventCodec.of(new EventJson(catalogue));
  }

  @Singleton
  @Bean(preDestroy = "close")
  EventLog log(
      DataSource pooled,
      EventCodec codec,
      Clock clock,
      @Property(name = "assay.service") String service,
      DatasourceConfiguration database) {
    var unpooled = new PGSimpleDataSource();
    unpooled.setUrl(database.getUrl());
    unpooled.setUser(database.getUsername());
    unpooled.setPassword(database.getPassword());
    unpooled.setApplicationName("assay-" + service + "-log");
    return PostgresEventLog.on(
            DelegatingDataSource.unwrapDataSource(pooled), unpooled, service, codec)
        .clock(clock)
        .remembering(REMEMBERED, database.getUrl())
        .open();
  }
}
