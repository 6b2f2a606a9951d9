package io.assay.policy.giveapproval;

import io.assay.contracts.ApprovalEvent.ApprovalGiven;
import io.assay.contracts.ApprovalEvent.ApprovalRequestApproved;
import io.assay.contracts.Event;
import io.assay.contracts.PolicyEvent.PolicyVersionActivated;
import io.assay.eventlog.Guard;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import io.assay.policy.approval.Eligibility;
import io.assay.policy.approval.Eligibility.State;
import io.assay.policy.approval.Request;
import io.assay.policy.giveapproval.GiveApproval.Given;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** One yes a person; the last one needed closes the request and puts a policy in force. */
@Singleton
final class GiveApprovalDecider implements Decider<GiveApproval, State, Given> {

  static final String ROUTE = "POST /api/v1/approval-requests/{request}/approvals";

  @Override
  public Class<GiveApproval> command() {
    return GiveApproval.class;
  }

  @Override
  public Query boundary(GiveApproval command, Invocation invocation) {
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
  public Outcome<Given> decide(GiveApproval command, State state, Invocation invocation) {
    var refusal =
        Eligibility.<Given>refusal(
            state,
            command.contentDigest(),
            command.policyDigest(),
            command.now(),
            invocation,
            ROUTE);
    Request request = state.request();
    if (refusal.isPresent() || request == null) {
      return refusal.orElseThrow();
    }
    var person = invocation.actor().id();
    if (request.approvedBy(person)) {
      return Outcome.refused(
          Rejection.state("You have approved this already; another person must."));
    }
    var opened = request.opened();
    var roles =
        invocation.roles().stream().filter(Eligibility.APPROVERS::contains).sorted().toList();
    var events = new ArrayList<Event>();
    events.add(
        new ApprovalGiven(
            opened.approvalRequest(),
            opened.subject(),
            opened.subjectId(),
            opened.contentDigest(),
            opened.policyDigest(),
            command.meaning(),
            roles,
            command.comment()));
    boolean last = request.completedBy(person, invocation.roles());
    if (last) {
      events.add(
          new ApprovalRequestApproved(
              opened.approvalRequest(), opened.subject(), opened.subjectId()));
      var activates = command.activates();
      if (activates != null) {
        events.add(
            new PolicyVersionActivated(
                activates.policyVersion(),
                activates.policy(),
                activates.environment(),
                activates.digest()));
      }
    }
    return Outcome.accepted(new Given(events.size(), last), events.toArray(Event[]::new));
  }

  @Override
  public List<Guard> guards(GiveApproval command) {
    return command.now().criteria().isEmpty()
        ? List.of()
        : List.of(command.now().guard(command.workspace()));
  }
}
