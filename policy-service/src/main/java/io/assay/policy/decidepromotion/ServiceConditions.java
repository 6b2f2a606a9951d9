package io.assay.policy.decidepromotion;

import io.assay.contracts.ConditionResult;
import io.assay.contracts.ConditionResult.Severity;
import io.assay.contracts.ConditionResult.Verdict;
import io.assay.contracts.Sha256;
import io.assay.policy.approval.Request;
import io.assay.policy.conditions.PolicyDocument.Approvals;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The conditions that no document states: the service itself asks and answers them. */
final class ServiceConditions {

  private ServiceConditions() {}

  /** Approvals count only of persons who are not excluded by now, whoever was when they said it. */
  static ConditionResult approvals(
      Approvals needed, @Nullable Request request, Set<String> excluded) {
    var given =
        request == null
            ? List.<Request.Yes>of()
            : request.approvals().stream().filter(yes -> !excluded.contains(yes.person())).toList();
    boolean rejected = request != null && request.state() == Request.State.REJECTED;
    boolean enough =
        request != null
            && request.state() == Request.State.APPROVED
            && Request.enough(given, needed.total(), needed.byRole());
    var sources = new ArrayList<>(given.stream().map(Request.Yes::position).toList());
    if (request != null && request.rejection() != null) {
      sources.add(request.rejection());
    }
    return new ConditionResult(
        "approvals",
        Severity.BLOCKING,
        enough ? Verdict.PASS : rejected ? Verdict.FAIL : Verdict.MISSING,
        rejected ? "rejected" : given.size() + " of " + needed.total(),
        spelled(needed),
        enough || rejected ? null : String.valueOf(Math.max(1, needed.total() - given.size())),
        sources,
        enough
            ? null
            : rejected
                ? "Read the reason of the rejection, and request a promotion anew."
                : "Others than who developed, requested, or wrote the policy approve it.");
  }

  /** The version is not any more what the promotion was requested for. */
  static ConditionResult contentChanged(Sha256 actual, Sha256 requested) {
    return new ConditionResult(
        "content-unchanged",
        Severity.BLOCKING,
        Verdict.FAIL,
        actual.hex(),
        requested.hex(),
        null,
        List.of(),
        "Request a promotion of the version as it is now.");
  }

  /** Nothing guards the environment, so nothing passes. */
  static ConditionResult noPolicy(String environment) {
    return new ConditionResult(
        "policy-in-force",
        Severity.BLOCKING,
        Verdict.MISSING,
        null,
        "a policy in force for " + environment,
        null,
        List.of(),
        "Draft a policy for " + environment + " and have it activated.");
  }

  private static String spelled(Approvals needed) {
    var spelled = new StringBuilder("at least ").append(needed.total());
    needed
        .byRole()
        .forEach((role, n) -> spelled.append(", ").append(n).append(" by ").append(role));
    return spelled.toString();
  }
}
