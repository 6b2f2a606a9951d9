package io.assay.platform.identity;

import io.assay.eventlog.Actor;
import io.assay.eventlog.RecordedEvent;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a request that a rule may depend on, taken once at the edge.
 *
 * @param onBehalfOf the actor whose request a service or reaction carries out
 * @param roles the actor's roles in the workspace
 * @param now the service's clock when the request came
 * @param correlation one value for everything that comes of the request
 * @param causation id of the event that a reaction reacts to
 * @param traceparent W3C trace context
 * @param client the application that the actor uses
 * @param idempotencyTag value of the {@code idem} tag, where the client sent an Idempotency-Key
 */
public record Invocation(
    Actor actor,
    @Nullable String onBehalfOf,
    Set<String> roles,
    String workspace,
    Instant now,
    String correlation,
    @Nullable String causation,
    @Nullable String traceparent,
    @Nullable String client,
    @Nullable String idempotencyTag) {

  public Invocation {
    roles = Set.copyOf(roles);
  }

  /**
   * A reaction of a service to an event, on behalf of whoever caused the event.
   *
   * @param service the reacting service's name
   */
  public static Invocation reaction(String service, RecordedEvent to, Instant now) {
    var cause = to.metadata();
    var principal = cause.onBehalfOf() == null ? cause.actor().id() : cause.onBehalfOf();
    return new Invocation(
        new Actor(service, Actor.Kind.SYSTEM),
        principal,
        Set.of(),
        cause.workspace(),
        now,
        cause.correlation(),
        to.id().toString(),
        null,
        service,
        null);
  }
}
