package io.assay.policy.draftpolicyversion;

import io.assay.contracts.PolicyEvent.PolicyRegistered;
import io.assay.contracts.PolicyEvent.PolicyVersionDrafted;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import io.assay.policy.conditions.DocumentFault;
import io.assay.policy.conditions.FaultyDocumentException;
import io.assay.policy.conditions.Policy;
import jakarta.inject.Singleton;
import java.text.Normalizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A draft compiles and type-checks, and bears the name and the environment of its policy. The
 * answer is its number: its rank among the policy's drafts.
 */
@Singleton
final class DraftPolicyVersionDecider
    implements Decider<DraftPolicyVersion, DraftPolicyVersionDecider.State, Integer> {

  record State(@Nullable PolicyRegistered policy, int versions) {}

  @Override
  public Class<DraftPolicyVersion> command() {
    return DraftPolicyVersion.class;
  }

  @Override
  public Query boundary(DraftPolicyVersion command, Invocation invocation) {
    return Query.of(
        invocation.workspace(),
        Criterion.of(command.policy().tag(), "PolicyRegistered", "PolicyVersionDrafted"));
  }

  @Override
  public State initial() {
    return new State(null, 0);
  }

  @Override
  public State evolve(State state, RecordedEvent event) {
    return switch (event.event()) {
      case PolicyRegistered registered -> new State(registered, state.versions);
      case PolicyVersionDrafted drafted -> new State(state.policy, state.versions + 1);
      default -> state;
    };
  }

  @Override
  public Outcome<Integer> decide(DraftPolicyVersion command, State state, Invocation invocation) {
    var registered = state.policy;
    if (registered == null) {
      return Outcome.refused(Rejection.notFound("policy"));
    }
    Policy policy;
    try {
      policy = Policy.of(command.document());
    } catch (FaultyDocumentException e) {
      return Outcome.refused(faulty(e.faults()));
    }
    if (registered.name() != null && !sameName(policy.document().name(), registered.name())) {
      return Outcome.refused(
          Rejection.unacceptable(
              "/document/name",
              "The document is named "
                  + policy.document().name()
                  + "; its policy is "
                  + registered.name()
                  + "."));
    }
    var environment = policy.document().environment();
    if (!environment.equals(registered.environment())) {
      return Outcome.refused(
          Rejection.unacceptable(
              "/document/environment",
              "The document is for "
                  + environment
                  + "; its policy guards "
                  + registered.environment()
                  + "."));
    }
    return Outcome.accepted(
        state.versions + 1,
        new PolicyVersionDrafted(
            command.policyVersion(),
            command.policy(),
            registered.environment(),
            command.document(),
            policy.digest(),
            command.comment()));
  }

  /** Names are the same when their tags are: in NFC. */
  private static boolean sameName(String one, String other) {
    return Normalizer.normalize(one, Normalizer.Form.NFC)
        .equals(Normalizer.normalize(other, Normalizer.Form.NFC));
  }

  /** All faults at once, each with its line, its column and its place in the document. */
  private static Rejection faulty(List<DocumentFault> faults) {
    var rejection =
        Rejection.of(
            "unacceptable",
            "The document is not a policy: "
                + faults.getFirst()
                + (faults.size() > 1 ? " (and " + (faults.size() - 1) + " more)" : ""));
    for (var fault : faults) {
      var where = fault.pointer().isEmpty() ? "" : fault.pointer() + ", ";
      rejection = rejection.at("/document", where + fault);
    }
    return rejection;
  }
}
