package io.assay.policy.revokeapikey;

import io.assay.contracts.ApiKeyEvent.ApiKeyIssued;
import io.assay.contracts.ApiKeyEvent.ApiKeyRevoked;
import io.assay.contracts.ApiKeyId;
import io.assay.contracts.GovernanceEvent.AccessRefused;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.identity.Roles;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import io.assay.policy.revokeapikey.RevokeApiKeyDecider.State;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Its issuer revokes a key, or an administrator; an expired one too, which makes it certain. */
@Singleton
final class RevokeApiKeyDecider implements Decider<RevokeApiKey, State, ApiKeyId> {

  static final String ROUTE = "POST /api/v1/api-keys/{apikey}/revocation";

  /** A key, once it was issued. */
  record State(@Nullable String issuer, boolean revoked) {}

  @Override
  public Class<RevokeApiKey> command() {
    return RevokeApiKey.class;
  }

  @Override
  public Query boundary(RevokeApiKey command, Invocation invocation) {
    return Query.of(
        invocation.workspace(),
        Criterion.of(command.apiKey().tag(), "ApiKeyIssued", "ApiKeyRevoked"));
  }

  @Override
  public State initial() {
    return new State(null, false);
  }

  @Override
  public State evolve(State state, RecordedEvent event) {
    return switch (event.event()) {
      case ApiKeyIssued e -> new State(e.issuer(), false);
      case ApiKeyRevoked e -> new State(state.issuer(), true);
      default -> state;
    };
  }

  @Override
  public Outcome<ApiKeyId> decide(RevokeApiKey command, State state, Invocation invocation) {
    boolean own = invocation.actor().id().equals(state.issuer());
    boolean sees =
        own
            || invocation.roles().contains(Roles.ADMIN)
            || invocation.roles().contains(Roles.AUDITOR);
    if (state.issuer() == null || !sees) {
      return Outcome.refused(Rejection.notFound("such API key"));
    }
    if (!own && !invocation.roles().contains(Roles.ADMIN)) {
      return Outcome.refused(
          Rejection.roleMissing("Only its issuer or an administrator revokes a key."),
          new AccessRefused(
              invocation.actor().id(),
              "revoke only one's own key",
              ROUTE,
              command.apiKey().tag().toString()));
    }
    return state.revoked()
        ? Outcome.unchanged(command.apiKey())
        : Outcome.accepted(command.apiKey(), new ApiKeyRevoked(command.apiKey(), command.reason()));
  }
}
