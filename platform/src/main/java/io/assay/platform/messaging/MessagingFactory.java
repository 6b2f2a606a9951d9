package io.assay.platform.messaging;

import io.assay.eventlog.EntityCache;
import io.assay.eventlog.EventLog;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.util.List;

/** Wires the deciders of the running service to the log. */
@Factory
@Requires(beans = EventLog.class)
final class MessagingFactory {

  @Singleton
  @Bean(typed = Commands.class)
  AxonCommands commands(
      EventLog log,
      Refusals refusals,
      List<Decider<?, ?, ?>> deciders,
      @Value("${assay.entity-cache.maximum-size:100000}") long cachedEntities) {
    return new AxonCommands(
        log, new EntityCache(log, cachedEntities), refusals, deciders, Ids::next);
  }
}
