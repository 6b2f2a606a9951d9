package io.assay.lineage.lineagegraph;

import io.assay.contracts.ApprovalEvent;
import io.assay.contracts.ApprovalEvent.ApprovalGiven;
import io.assay.contracts.ApprovalEvent.ApprovalRejected;
import io.assay.contracts.ApprovalEvent.ApprovalRequestApproved;
import io.assay.contracts.ApprovalEvent.ApprovalRequestExpired;
import io.assay.contracts.ApprovalEvent.ApprovalRequestStaled;
import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.DatasetEvent;
import io.assay.contracts.DatasetEvent.DatasetRegistered;
import io.assay.contracts.DatasetEvent.DatasetVersionRegistered;
import io.assay.contracts.DeploymentEvent;
import io.assay.contracts.DeploymentEvent.DeploymentAssessed;
import io.assay.contracts.DeploymentEvent.DeploymentObserved;
import io.assay.contracts.DeploymentEvent.DeploymentRequested;
import io.assay.contracts.DeploymentEvent.DeploymentRetired;
import io.assay.contracts.DeploymentEvent.DeploymentSuperseded;
import io.assay.contracts.EntityId;
import io.assay.contracts.GovernanceEvent;
import io.assay.contracts.ModelEvent;
import io.assay.contracts.ModelEvent.ModelArchived;
import io.assay.contracts.ModelEvent.ModelRegistered;
import io.assay.contracts.PolicyEvent;
import io.assay.contracts.PolicyEvent.PolicyRegistered;
import io.assay.contracts.PolicyEvent.PolicyVersionActivated;
import io.assay.contracts.PolicyEvent.PolicyVersionDrafted;
import io.assay.contracts.PromotionEvent;
import io.assay.contracts.PromotionEvent.ModelVersionPromoted;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionEvent.PromotionExpired;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.contracts.PromotionEvent.PromotionRevoked;
import io.assay.contracts.PromotionEvent.PromotionWithdrawn;
import io.assay.contracts.RunEvent;
import io.assay.contracts.RunEvent.RunCompleted;
import io.assay.contracts.RunEvent.RunStarted;
import io.assay.contracts.SystemEvent;
import io.assay.contracts.SystemEvent.SystemRegistered;
import io.assay.contracts.VersionEvent;
import io.assay.contracts.VersionEvent.ArtifactStored;
import io.assay.contracts.VersionEvent.ModelVersionArchived;
import io.assay.contracts.VersionEvent.ModelVersionBiasEvaluated;
import io.assay.contracts.VersionEvent.ModelVersionEvaluated;
import io.assay.contracts.VersionEvent.ModelVersionQuarantined;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.eventlog.RecordedEvent;
import io.assay.lineage.lineagegraph.GraphFact.Basis;
import io.assay.lineage.lineagegraph.GraphFact.Edge;
import io.assay.lineage.lineagegraph.GraphFact.Edge.Kind;
import io.assay.lineage.lineagegraph.GraphFact.Node;
import io.assay.lineage.lineagegraph.GraphFact.State;
import io.assay.lineage.lineagegraph.GraphFact.State.Facet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what an event adds to the graph: pure, and of nothing but the event. */
final class GraphFacts {

  private final List<GraphFact> facts = new ArrayList<>();

  private GraphFacts() {}

  /** What the event adds; nothing for one that is no matter of lineage. */
  static List<GraphFact> of(RecordedEvent recorded) {
    var facts = new GraphFacts();
    switch (recorded.event()) {
      case DatasetEvent event -> facts.dataset(event);
      case RunEvent event -> facts.run(event);
      case SystemEvent event -> facts.system(event);
      case ModelEvent event -> facts.model(event);
      case VersionEvent event -> facts.version(event);
      case PromotionEvent event -> facts.promotion(event);
      case DeploymentEvent event -> facts.deployment(event);
      case PolicyEvent event -> facts.policy(event);
      case ApprovalEvent event -> facts.approval(event, recorded.id());
      case GovernanceEvent _ -> {}
      default -> {}
    }
    return List.copyOf(facts.facts);
  }

  private void dataset(DatasetEvent event) {
    switch (event) {
      case DatasetRegistered e -> named(e.dataset());
      case DatasetVersionRegistered e -> {
        versionOf(e.dataset(), e.datasetVersion());
      }
    }
  }

  private void run(RunEvent event) {
    switch (event) {
      case RunStarted e -> {
        named(e.run());
        e.inputs().forEach(input -> edge(input, e.run(), Kind.INPUT));
        state(e.run(), "started");
      }
      case RunCompleted e -> state(e.run(), spelled(e.outcome()));
    }
  }

  private void system(SystemEvent event) {
    switch (event) {
      case SystemRegistered e -> named(e.system());
    }
  }

  private void model(ModelEvent event) {
    switch (event) {
      case ModelRegistered e -> {
        named(e.model());
        edge(e.system(), e.model(), Kind.CONTAINS);
      }
      case ModelArchived e -> state(e.model(), "archived");
    }
  }

  private void version(VersionEvent event) {
    switch (event) {
      case ModelVersionRegistered e -> {
        versionOf(e.model(), e.version());
        edge(e.run(), e.version(), Kind.PRODUCED);
      }
      case ArtifactStored _ -> {}
      case ModelVersionEvaluated e -> {
        node(e.evaluation(), "evaluation");
        edge(e.version(), e.evaluation(), Kind.EVALUATED);
        edge(e.datasetVersion(), e.evaluation(), Kind.MEASURED_ON);
        edge(e.run(), e.evaluation(), Kind.MEASURED_BY);
        edge(e.baseline(), e.evaluation(), Kind.BASELINE);
      }
      case ModelVersionBiasEvaluated e -> {
        node(e.biasEvaluation(), "bias by " + e.attribute());
        edge(e.version(), e.biasEvaluation(), Kind.EVALUATED);
        edge(e.datasetVersion(), e.biasEvaluation(), Kind.MEASURED_ON);
        edge(e.run(), e.biasEvaluation(), Kind.MEASURED_BY);
      }
      case ModelVersionQuarantined e -> state(e.version(), "quarantined");
      case ModelVersionArchived e -> state(e.version(), "archived");
    }
  }

  private void promotion(PromotionEvent event) {
    switch (event) {
      case PromotionRequested e -> {
        node(e.promotion(), "promotion to " + e.environment());
        edge(e.version(), e.promotion(), Kind.REQUESTED);
        state(e.promotion(), "requested");
      }
      case PromotionDecided e -> {
        node(e.decision(), "decision: " + spelled(e.outcome()));
        edge(e.promotion(), e.decision(), Kind.DECIDED);
        edge(e.policyVersion(), e.decision(), Kind.APPLIED);
        e.conditions().stream()
            .flatMap(condition -> condition.sources().stream())
            .distinct()
            .forEach(source -> facts.add(new Basis(source, key(e.decision()))));
        state(
            e.promotion(),
            switch (e.outcome()) {
              case PERMIT -> "decided";
              case PENDING -> "pending";
              case REFUSE -> "refused";
            });
      }
      case ModelVersionPromoted e -> {
        edge(e.decision(), e.promotion(), Kind.GRANTED);
        state(e.promotion(), "permitted");
      }
      case PromotionWithdrawn e -> state(e.promotion(), "withdrawn");
      case PromotionExpired e -> state(e.promotion(), "expired");
      case PromotionRevoked e -> state(e.promotion(), "revoked");
    }
  }

  private void deployment(DeploymentEvent event) {
    switch (event) {
      case DeploymentRequested e -> {
        node(e.deployment(), "deployment in " + e.environment());
        edge(e.version(), e.deployment(), Kind.DEPLOYED);
        edge(e.promotion(), e.deployment(), Kind.ALLOWED);
        state(e.deployment(), "requested");
      }
      case DeploymentObserved e -> state(e.deployment(), "observed");
      case DeploymentSuperseded e -> state(e.deployment(), "superseded");
      case DeploymentRetired e -> state(e.deployment(), "retired");
      case DeploymentAssessed e ->
          facts.add(
              new State(
                  key(e.deployment()), Facet.STANDING, spelled(e.standing()).replace('-', ' ')));
    }
  }

  private void policy(PolicyEvent event) {
    switch (event) {
      case PolicyRegistered e -> named(e.policy());
      case PolicyVersionDrafted e -> {
        versionOf(e.policy(), e.policyVersion());
        state(e.policyVersion(), "drafted");
      }
      case PolicyVersionActivated e -> state(e.policyVersion(), "activated");
    }
  }

  private void approval(ApprovalEvent event, UUID id) {
    switch (event) {
      case ApprovalRequested e -> {
        node(e.approvalRequest(), "approval request");
        facts.add(new Edge(subject(e), key(e.approvalRequest()), Kind.ASKED));
        state(e.approvalRequest(), "open");
      }
      case ApprovalGiven e -> {
        var approval = "approval:" + id;
        facts.add(new Node(approval, null, "approval as " + String.join(", ", e.roles())));
        facts.add(new Edge(key(e.approvalRequest()), approval, Kind.ANSWERED));
      }
      case ApprovalRejected e -> state(e.approvalRequest(), "rejected");
      case ApprovalRequestApproved e -> state(e.approvalRequest(), "approved");
      case ApprovalRequestExpired e -> state(e.approvalRequest(), "expired");
      case ApprovalRequestStaled e -> state(e.approvalRequest(), "stale");
    }
  }

  private static String subject(ApprovalRequested event) {
    return switch (event.subject()) {
      case PROMOTION -> "promotion:" + event.subjectId();
      case POLICY_VERSION -> "policy-version:" + event.subjectId();
    };
  }

  private void named(EntityId id) {
    facts.add(new Node(key(id), key(id), null));
  }

  /** What a node is a version of names it, and is the edge to it. */
  private void versionOf(EntityId whole, EntityId version) {
    facts.add(new Node(key(version), key(whole), null));
  }

  private void node(EntityId id, @Nullable String detail) {
    facts.add(new Node(key(id), null, detail));
  }

  private void edge(@Nullable EntityId from, EntityId to, Kind kind) {
    if (from != null) {
      facts.add(new Edge(key(from), key(to), kind));
    }
  }

  private void state(EntityId id, String value) {
    facts.add(new State(key(id), Facet.STATE, value));
  }

  private static String key(EntityId id) {
    return id.tag().toString();
  }

  private static String spelled(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
