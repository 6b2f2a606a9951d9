package io.assay.policy.requestactivation;

import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.ApprovalEvent.Subject;
import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.PolicyEvent.PolicyVersionActivated;
import io.assay.contracts.PolicyEvent.PolicyVersionDrafted;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import io.assay.policy.approval.Request;
import io.assay.policy.evidence.EvidenceReader;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Two others than its author, and than whoever asks, approve a version before it is in force. A
 * version is activated once: to return to it, draft it again.
 */
@Singleton
final class RequestActivationDecider
    implements Decider<RequestActivation, RequestActivationDecider.State, ApprovalRequestId> {

  /** Never fewer: an author and one friend are not a check. */
  static final int APPROVALS = 2;

  static final Duration OPEN_FOR = Duration.ofDays(30);

  record State(
      @Nullable PolicyVersionDrafted drafted,
      @Nullable String author,
      boolean activated,
      @Nullable Request request) {}

  @Override
  public Class<RequestActivation> command() {
    return RequestActivation.class;
  }

  @Override
  public Query boundary(RequestActivation command, Invocation invocation) {
    var types =
        Stream.concat(
                Stream.of("PolicyVersionDrafted", "PolicyVersionActivated"),
                Stream.of(Request.TYPES))
            .toArray(String[]::new);
    return Query.of(invocation.workspace(), Criterion.of(command.policyVersion().tag(), types));
  }

  @Override
  public State initial() {
    return new State(null, null, false, null);
  }

  @Override
  public State evolve(State state, RecordedEvent event) {
    return switch (event.event()) {
      case PolicyVersionDrafted drafted ->
          new State(drafted, EvidenceReader.principal(event), state.activated, state.request);
      case PolicyVersionActivated activated ->
          new State(state.drafted, state.author, true, state.request);
      case ApprovalRequested opened ->
          new State(state.drafted, state.author, state.activated, Request.evolve(null, event));
      default ->
          new State(
              state.drafted, state.author, state.activated, Request.evolve(state.request, event));
    };
  }

  @Override
  public Outcome<ApprovalRequestId> decide(
      RequestActivation command, State state, Invocation invocation) {
    var drafted = state.drafted;
    if (drafted == null || state.author == null) {
      return Outcome.refused(Rejection.notFound("version of the policy"));
    }
    if (state.activated) {
      return Outcome.refused(
          Rejection.state("This version has been activated. Draft it again to return to it."));
    }
    if (state.request != null
        && state.request.state() == Request.State.OPEN
        && invocation.now().isBefore(state.request.opened().expiresAt())) {
      return Outcome.unchanged(state.request.opened().approvalRequest());
    }
    return Outcome.accepted(
        command.approvalRequest(),
        new ApprovalRequested(
            command.approvalRequest(),
            Subject.POLICY_VERSION,
            drafted.policyVersion().value(),
            drafted.digest(),
            drafted.digest(),
            APPROVALS,
            Map.of(),
            excluded(state.author, invocation.actor().id()),
            invocation.now().plus(OPEN_FOR),
            command.comment()));
  }

  private static List<String> excluded(String author, String requester) {
    return Stream.of(author, requester).distinct().sorted().toList();
  }
}
