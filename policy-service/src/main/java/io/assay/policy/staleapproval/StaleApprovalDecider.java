package io.assay.policy.staleapproval;

import io.assay.contracts.ApprovalEvent.ApprovalRequestStaled;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Outcome;
import io.assay.policy.approval.Request;
import jakarta.inject.Singleton;
import java.util.Optional;

/** An open request for other content, or under another policy, is answered by nobody any more. */
@Singleton
final class StaleApprovalDecider implements Decider<StaleApproval, Optional<Request>, Boolean> {

  @Override
  public Class<StaleApproval> command() {
    return StaleApproval.class;
  }

  @Override
  public Query boundary(StaleApproval command, Invocation invocation) {
    return Query.of(
        invocation.workspace(), Criterion.of(command.approvalRequest().tag(), Request.TYPES));
  }

  @Override
  public Optional<Request> initial() {
    return Optional.empty();
  }

  @Override
  public Optional<Request> evolve(Optional<Request> state, RecordedEvent event) {
    return Optional.ofNullable(Request.evolve(state.orElse(null), event));
  }

  @Override
  public Outcome<Boolean> decide(
      StaleApproval command, Optional<Request> state, Invocation invocation) {
    return state
        .filter(request -> request.state() == Request.State.OPEN)
        .filter(request -> !request.concerns(command.contentDigest(), command.policyDigest()))
        .map(Request::opened)
        .map(
            opened ->
                Outcome.accepted(
                    true,
                    new ApprovalRequestStaled(
                        opened.approvalRequest(), opened.subject(), opened.subjectId())))
        .orElseGet(() -> Outcome.unchanged(false));
  }
}
