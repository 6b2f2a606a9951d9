package io.assay.policy.testing;

import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.PolicyEvent.PolicyRegistered;
import io.assay.contracts.PolicyEvent.PolicyVersionActivated;
import io.assay.contracts.PolicyEvent.PolicyVersionDrafted;
import io.assay.contracts.PolicyId;
import io.assay.contracts.PolicyVersionId;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionId;
import io.assay.eventlog.Actor;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.EventMetadata;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Commands;
import io.assay.platform.messaging.Receipt;
import io.assay.policy.approval.ApprovalSubjects;
import io.assay.policy.conditions.Policy;
import io.assay.policy.decidepromotion.PromotionDecisions;
import io.assay.policy.evidence.EvidenceReader;
import io.assay.policy.giveapproval.GiveApproval;
import io.assay.policy.rejectapproval.RejectApproval;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The people who decide on promotions, acting by plain deciders over a log. */
public final class Board {

  public final PromotionDecisions decisions;
  private final EventLog log;
  private final Commands commands;
  private final ApprovalSubjects subjects;
  private Instant now = Instant.now();

  public Board(EventLog log, Commands commands) {
    this.log = log;
    this.commands = commands;
    var evidence = new EvidenceReader(log);
    decisions = new PromotionDecisions(log, evidence, commands);
    subjects = new ApprovalSubjects(log, evidence, decisions);
  }

  /** From here on it is this time. */
  public void at(Instant time) {
    now = time;
  }

  public Instant now() {
    return now;
  }

  /** A policy that asks for two approvals, one by a risk officer; each title is another policy. */
  public static String document(String title, String environment) {
    return """
        name: %s
        environment: %s
        conditions:
          - name: anything
            expression: "true"
            required: nothing
        approvals:
          total: 2
          byRole:
            risk-officer: 1
          validFor: 2 days
        validFor: 1 day
        """
        .formatted(title, environment);
  }

  /** Puts a new policy in force. */
  public long activated(String document, String author) {
    var policy = new PolicyId(UUID.randomUUID());
    var version = new PolicyVersionId(UUID.randomUUID());
    var compiled = Policy.of(document);
    var environment = compiled.document().environment();
    return Candidate.append(
        log,
        List.of(),
        author,
        new PolicyRegistered(policy, environment, compiled.document().name(), null),
        new PolicyVersionDrafted(version, policy, environment, document, compiled.digest(), null),
        new PolicyVersionActivated(version, policy, environment, compiled.digest()));
  }

  public PromotionDecided decided(PromotionId promotion) {
    return decisions.decide(promotion, null, by("registry")).answer();
  }

  /** A yes to what the request asks. */
  public Receipt<GiveApproval.Given> approved(
      ApprovalRequestId request, String person, String role) {
    var about = subjects.about(EventMetadata.DEFAULT_WORKSPACE, request);
    return commands.send(
        new GiveApproval(
            request,
            about.opened().contentDigest(),
            about.opened().policyDigest(),
            "approval",
            null,
            EventMetadata.DEFAULT_WORKSPACE,
            about.now(),
            null),
        by(person, role));
  }

  /** A no to what the request asks. */
  public Receipt<ApprovalRequestId> rejected(
      ApprovalRequestId request, String person, String role) {
    var about = subjects.about(EventMetadata.DEFAULT_WORKSPACE, request);
    return commands.send(
        new RejectApproval(
            request,
            about.opened().contentDigest(),
            about.opened().policyDigest(),
            "no",
            about.now()),
        by(person, role));
  }

  /** A request by a person, now. */
  public Invocation by(String person, String... roles) {
    return new Invocation(
        new Actor(person, Actor.Kind.PERSON),
        null,
        Set.of(roles),
        EventMetadata.DEFAULT_WORKSPACE,
        now,
        "a-request",
        null,
        null,
        null,
        null);
  }
}
