package io.assay.platform.messaging;

import io.assay.contracts.GovernanceEvent.AccessRefused;
import io.assay.eventlog.Append;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.NewEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.identity.RefusalRecorder;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Appends refusals for want of a role, without condition: they are facts, whatever else is. */
@Singleton
@Requires(beans = EventLog.class)
final class LogRefusals implements RefusalRecorder {

  private final EventLog log;

  LogRefusals(EventLog log) {
    this.log = log;
  }

  @Override
  public void accessRefused(Invocation invocation, String rule, List<String> anyOf) {
    var refused =
        new AccessRefused(
            invocation.actor().id(), "any role of " + String.join(", ", anyOf), rule, null);
    var metadata =
        new EventMetadata(
            invocation.workspace(),
            invocation.actor(),
            invocation.onBehalfOf(),
            invocation.client(),
            null,
            invocation.correlation(),
            invocation.causation(),
            null,
            null);
    log.append(
            new Append(
                List.of(new NewEvent(UUID.randomUUID(), refused, Set.of(), metadata)), List.of()))
        .join();
  }
}
