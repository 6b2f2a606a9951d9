package io.assay.platform.identity;

import io.assay.eventlog.Actor;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a request that a rule may depend on, taken once at the edge.
 *
 * @param roles the actor's roles in the workspace
 * @param now the service's clock when the request came
 * @param correlation one value for everything that comes of the request
 * @param traceparent W3C trace context
 * @param client the application that the actor uses
 * @param idempotencyTag value of the {@code idem} tag, where the client sent an Idempotency-Key
 */
public record Invocation(
    Actor actor,
    Set<String> roles,
    String workspace,
    Instant now,
    String correlation,
    @Nullable String traceparent,
    @Nullable String client,
    @Nullable String idempotencyTag) {

  public Invocation {
    roles = Set.copyOf(roles);
  }
}
