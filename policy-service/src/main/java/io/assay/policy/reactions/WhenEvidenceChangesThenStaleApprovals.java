package io.assay.policy.reactions;

import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.PolicyEvent.PolicyVersionActivated;
import io.assay.contracts.VersionEvent.ModelVersionBiasEvaluated;
import io.assay.contracts.VersionEvent.ModelVersionEvaluated;
import io.assay.contracts.VersionId;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.messaging.Commands;
import io.assay.policy.approvalrequests.ApprovalRequestRow;
import io.assay.policy.approvalrequests.ApprovalRequestRows;
import io.assay.policy.evidence.EvidenceReader;
import io.assay.policy.staleapproval.StaleApproval;
import io.assay.policy.view.PolicyReads;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/** When content or policy changes, the open approval requests for the former are stale. */
@Singleton
final class WhenEvidenceChangesThenStaleApprovals extends Reaction {

  private final ApprovalRequestRows requests;
  private final EvidenceReader evidence;
  private final Commands commands;
  private final PolicyReads reads;

  WhenEvidenceChangesThenStaleApprovals(
      ApprovalRequestRows requests,
      EvidenceReader evidence,
      Commands commands,
      PolicyReads reads,
      Clock clock) {
    super(clock);
    this.requests = requests;
    this.evidence = evidence;
    this.commands = commands;
    this.reads = reads;
  }

  @Override
  public String name() {
    return "stale-when-changed";
  }

  @Override
  public Set<String> types() {
    return Set.of("ModelVersionEvaluated", "ModelVersionBiasEvaluated", "PolicyVersionActivated");
  }

  @Override
  public String sequence(RecordedEvent event) {
    return switch (event.event()) {
      case ModelVersionEvaluated e -> e.version().tag().toString();
      case ModelVersionBiasEvaluated e -> e.version().tag().toString();
      case PolicyVersionActivated e -> "gate:" + e.environment();
      default -> "event:" + event.id();
    };
  }

  @Override
  public void on(RecordedEvent event) {
    reads.awaitPatiently(event.position());
    for (var open : concerned(event)) {
      var version = open.modelVersion();
      if (version != null) {
        attempt(
            "approval request " + open.id() + " stays as it is",
            () -> stale(event, open, new VersionId(version)));
      }
    }
  }

  private List<ApprovalRequestRow> concerned(RecordedEvent event) {
    return switch (event.event()) {
      case ModelVersionEvaluated e -> requests.openOf(e.version().value());
      case ModelVersionBiasEvaluated e -> requests.openOf(e.version().value());
      case PolicyVersionActivated e ->
          requests.openIn(event.metadata().workspace(), e.environment());
      default -> List.of();
    };
  }

  private void stale(RecordedEvent event, ApprovalRequestRow open, VersionId version) {
    var workspace = event.metadata().workspace();
    var content = evidence.version(workspace, version).orElseThrow().contentDigest();
    var policy = evidence.gate(workspace, open.environment()).digest();
    commands.send(
        new StaleApproval(new ApprovalRequestId(open.id()), content, policy), invocation(event));
  }
}
