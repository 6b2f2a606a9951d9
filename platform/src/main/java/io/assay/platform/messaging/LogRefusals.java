package io.assay.platform.messaging;

import io.assay.contracts.GovernanceEvent.AccessRefused;
import io.assay.platform.identity.Invocation;
import io.assay.platform.identity.RefusalRecorder;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.util.List;

/** Records refusals at the door. */
@Singleton
@Requires(beans = Refusals.class)
final class LogRefusals implements RefusalRecorder {

  private final Refusals refusals;

  LogRefusals(Refusals refusals) {
    this.refusals = refusals;
  }

  @Override
  public void accessRefused(Invocation invocation, String route, List<String> anyOf) {
    accessRefused(invocation, route, "any role of " + String.join(", ", anyOf));
  }

  @Override
  public void accessRefused(Invocation invocation, String route, String rule) {
    refusals
        .record(new AccessRefused(invocation.actor().id(), rule, route, null), invocation)
        .join();
  }
}
