package io.assay.policy.approval;

import io.assay.contracts.ApprovalEvent.ApprovalRequestExpired;
import io.assay.contracts.ApprovalEvent.ApprovalRequestStaled;
import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.GovernanceEvent.AccessRefused;
import io.assay.contracts.Sha256;
import io.assay.contracts.Tag;
import io.assay.eventlog.Actor;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Guard;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.identity.Roles;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may answer an approval request, the same for a yes and a no. Separation of duties comes
 * before roles: whoever is excluded is, whatever he holds.
 */
public final class Eligibility {

  /** The roles that may answer. */
  public static final Set<String> APPROVERS =
      Set.of(Roles.MODEL_VALIDATOR, Roles.RISK_OFFICER, Roles.COMPLIANCE_OFFICER);

  /**
   * What the request is about, as it is now.
   *
   * @param policyDigest of the policy in force; null where there is none any more
   * @param contributors who have had a hand in it by now
   * @param criteria what would change it
   * @param marker that it is true at
   */
  public record Now(
      Sha256 contentDigest,
      @Nullable Sha256 policyDigest,
      Set<String> contributors,
      List<Criterion> criteria,
      long marker) {

    /** The append holds only while it is so. */
    public Guard guard(String workspace) {
      return new Guard(new Query(workspace, criteria), marker);
    }
  }

  /** What a decider knows: the request, once it was opened. */
  public record State(@Nullable Request request) {

    public static final State UNKNOWN = new State(null);

    public State evolve(RecordedEvent event) {
      return new State(Request.evolve(request, event));
    }
  }

  private Eligibility() {}

  /** The request itself. */
  public static Query boundary(Tag request, Invocation invocation) {
    return Query.of(invocation.workspace(), Criterion.of(request, Request.TYPES));
  }

  /**
   * Why the actor may not answer; empty where he may.
   *
   * @param route that was called, for the log
   */
  public static <R> Optional<Outcome<R>> refusal(
      State state,
      Sha256 contentDigest,
      Sha256 policyDigest,
      Now now,
      Invocation invocation,
      String route) {
    var request = state.request();
    if (request == null) {
      return Optional.of(Outcome.refused(Rejection.notFound("approval request")));
    }
    var opened = request.opened();
    var actor = invocation.actor();
    if (request.state() != Request.State.OPEN) {
      return Optional.of(
          Outcome.refused(
              Rejection.state(
                  "The approval request is "
                      + request.state().name().toLowerCase(Locale.ROOT)
                      + ".")));
    }
    if (opened.excluded().contains(actor.id()) || now.contributors().contains(actor.id())) {
      return Optional.of(
          refused(
              opened,
              Rejection.separationOfDuties(
                  "Nobody answers what he developed, requested, or whose policy he wrote. Somebody"
                      + " else must answer this."),
              invocation,
              route));
    }
    if (actor.kind() != Actor.Kind.PERSON
        || APPROVERS.stream().noneMatch(invocation.roles()::contains)) {
      return Optional.of(
          refused(
              opened,
              Rejection.roleMissing(APPROVERS.stream().sorted().toList()),
              invocation,
              route));
    }
    if (!request.concerns(contentDigest, policyDigest)) {
      return Optional.of(
          Outcome.refused(
              Rejection.state(
                  "The digests are not those of the approval request. Read it again, and look at"
                      + " what it is about now.")));
    }
    if (!request.concerns(now.contentDigest(), now.policyDigest())) {
      return Optional.of(
          Outcome.refused(
              Rejection.state(
                  "The content or the policy has changed since this was asked; the request is"
                      + " stale."),
              new ApprovalRequestStaled(
                  opened.approvalRequest(), opened.subject(), opened.subjectId())));
    }
    if (!invocation.now().isBefore(opened.expiresAt())) {
      return Optional.of(
          Outcome.refused(
              Rejection.state("The approval request has expired."),
              new ApprovalRequestExpired(
                  opened.approvalRequest(), opened.subject(), opened.subjectId())));
    }
    return Optional.empty();
  }

  private static <R> Outcome<R> refused(
      ApprovalRequested opened, Rejection rejection, Invocation invocation, String route) {
    return Outcome.refused(
        rejection,
        new AccessRefused(
            invocation.actor().id(),
            rejection.slug(),
            route,
            opened.approvalRequest().tag().toString()));
  }
}
