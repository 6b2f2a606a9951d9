package io.assay.policy.rejectapproval;

import io.assay.contracts.ApprovalEvent.ApprovalRejected;
import io.assay.contracts.ApprovalRequestId;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Outcome;
import io.assay.policy.approval.Eligibility;
import io.assay.policy.approval.Eligibility.State;
import jakarta.inject.Singleton;

/** One no closes the request; whoever may say yes may say no. */
@Singleton
final class RejectApprovalDecider implements Decider<RejectApproval, State, ApprovalRequestId> {

  static final String ROUTE = "POST /api/v1/approval-requests/{request}/rejections";

  @Override
  public Class<RejectApproval> command() {
    return RejectApproval.class;
  }

  @Override
  public Query boundary(RejectApproval command, Invocation invocation) {
    return Eligibility.boundary(command.approvalRequest().tag(), invocation);
  }

  @Override
  public State initial() {
    return State.UNKNOWN;
  }

  @Override
  public State evolve(State state, RecordedEvent event) {
    return state.evolve(event);
  }

  @Override
  public Outcome<ApprovalRequestId> decide(
      RejectApproval command, State state, Invocation invocation) {
    var refusal =
        Eligibility.<ApprovalRequestId>refusal(
            state,
            command.contentDigest(),
            command.policyDigest(),
            command.now(),
            invocation,
            ROUTE);
    var request = state.request();
    if (refusal.isPresent() || request == null) {
      return refusal.orElseThrow();
    }
    var opened = request.opened();
    return Outcome.accepted(
        opened.approvalRequest(),
        new ApprovalRejected(
            opened.approvalRequest(), opened.subject(), opened.subjectId(), command.reason()));
  }
}
