package io.assay.policy.issueapikey;

import io.assay.contracts.ApiKeyEvent.ApiKeyIssued;
import io.assay.contracts.ApiKeyId;
import io.assay.contracts.GovernanceEvent.AccessRefused;
import io.assay.eventlog.Actor;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.identity.Roles;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A person hands on a part of what he may himself, for a time. He answers for what the key does, so
 * no key and no service issues one.
 */
@Singleton
final class IssueApiKeyDecider implements Decider<IssueApiKey, Boolean, ApiKeyId> {

  static final String ROUTE = "POST /api/v1/api-keys";

  /** What a key can give, and who can give it. None of it approves. */
  private static final Map<String, Set<String>> GIVEN_BY =
      Map.of(
          Roles.ML_ENGINEER, Set.of(Roles.ML_ENGINEER),
          Roles.PIPELINE, Set.of(Roles.PIPELINE, Roles.ML_ENGINEER),
          Roles.AUDITOR, Set.of(Roles.AUDITOR));

  @Override
  public Class<IssueApiKey> command() {
    return IssueApiKey.class;
  }

  /** Nothing: its id is fresh, and nothing else of it is unique. */
  @Override
  public Query boundary(IssueApiKey command, Invocation invocation) {
    return new Query(invocation.workspace(), List.of());
  }

  @Override
  public Boolean initial() {
    return false;
  }

  @Override
  public Boolean evolve(Boolean state, RecordedEvent event) {
    return state;
  }

  @Override
  public Outcome<ApiKeyId> decide(IssueApiKey command, Boolean state, Invocation invocation) {
    var issuer = invocation.actor();
    if (issuer.kind() != Actor.Kind.PERSON || invocation.onBehalfOf() != null) {
      return refused(
          Rejection.of("credential-not-allowed", "Only a person issues API keys."), invocation);
    }
    for (int i = 0; i < command.scopes().size(); i++) {
      var givenBy = GIVEN_BY.getOrDefault(command.scopes().get(i), Set.of());
      if (givenBy.stream().noneMatch(invocation.roles()::contains)) {
        return refused(
            Rejection.roleMissing("A key gives no role that its issuer does not hold.")
                .at("/scopes/" + i, "You do not hold this role, or no key gives it."),
            invocation);
      }
    }
    if (!command.expiresAt().isAfter(invocation.now())) {
      return Outcome.refused(Rejection.unacceptable("/expiresAt", "A key expires in the future."));
    }
    if (command.expiresAt().isAfter(invocation.now().plus(command.longestLife()))) {
      return Outcome.refused(
          Rejection.unacceptable(
              "/expiresAt",
              "A key lives " + command.longestLife().toDays() + " days at most; issue a new one."));
    }
    return Outcome.accepted(
        command.apiKey(),
        new ApiKeyIssued(
            command.apiKey(),
            issuer.id(),
            command.scopes().stream().distinct().sorted().toList(),
            command.readOnly(),
            command.secretDigest(),
            command.expiresAt(),
            command.name()));
  }

  private static Outcome<ApiKeyId> refused(Rejection rejection, Invocation invocation) {
    return Outcome.refused(
        rejection, new AccessRefused(invocation.actor().id(), rejection.slug(), ROUTE, null));
  }
}
