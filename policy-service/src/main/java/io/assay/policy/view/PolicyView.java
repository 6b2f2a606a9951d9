package io.assay.policy.view;

import io.assay.contracts.ApiKeyEvent;
import io.assay.contracts.ApiKeyEvent.ApiKeyIssued;
import io.assay.contracts.ApiKeyEvent.ApiKeyRevoked;
import io.assay.contracts.ApprovalEvent;
import io.assay.contracts.ApprovalEvent.Subject;
import io.assay.contracts.DeploymentEvent.DeploymentRequested;
import io.assay.contracts.DeploymentEvent.DeploymentRetired;
import io.assay.contracts.DeploymentEvent.DeploymentSuperseded;
import io.assay.contracts.GovernanceEvent.ErasureOrdered;
import io.assay.contracts.PolicyEvent;
import io.assay.contracts.PolicyEvent.PolicyRegistered;
import io.assay.contracts.PolicyEvent.PolicyVersionActivated;
import io.assay.contracts.PolicyEvent.PolicyVersionDrafted;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.view.View;
import io.assay.policy.apikeys.ApiKeyRows;
import io.assay.policy.approvalrequests.ApprovalRequestRows;
import io.assay.policy.decisions.DecisionRows;
import io.assay.policy.livedeployments.LiveDeployments;
import io.assay.policy.policies.PolicyRows;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.UUID;

/** Takes events into the policy schema. */
@Singleton
public class PolicyView implements View {

  public static final String NAME = "policy";

  private final PolicyRows policies;
  private final ApprovalRequestRows requests;
  private final DecisionRows decisions;
  private final LiveDeployments deployments;
  private final ApiKeyRows apiKeys;

  PolicyView(
      PolicyRows policies,
      ApprovalRequestRows requests,
      DecisionRows decisions,
      LiveDeployments deployments,
      ApiKeyRows apiKeys) {
    this.policies = policies;
    this.requests = requests;
    this.decisions = decisions;
    this.deployments = deployments;
    this.apiKeys = apiKeys;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> types() {
    return Set.of(
        "PolicyRegistered",
        "PolicyVersionDrafted",
        "PolicyVersionActivated",
        "PromotionDecided",
        "ApprovalRequested",
        "ApprovalGiven",
        "ApprovalRejected",
        "ApprovalRequestApproved",
        "ApprovalRequestExpired",
        "ApprovalRequestStaled",
        "DeploymentRequested",
        "DeploymentSuperseded",
        "DeploymentRetired",
        "ApiKeyIssued",
        "ApiKeyRevoked",
        "ErasureOrdered");
  }

  @Override
  public String sequence(RecordedEvent event) {
    return switch (event.event()) {
      case PolicyRegistered e -> e.policy().tag().toString();
      case PolicyVersionDrafted e -> e.policy().tag().toString();
      case PolicyVersionActivated e -> e.policy().tag().toString();
      case PromotionDecided e -> e.promotion().tag().toString();
      case ApprovalEvent e -> approval(e);
      case DeploymentRequested e -> e.deployment().tag().toString();
      case DeploymentRetired e -> e.deployment().tag().toString();
      case DeploymentSuperseded e -> e.deployment().tag().toString();
      case ApiKeyIssued e -> e.apiKey().tag().toString();
      case ApiKeyRevoked e -> e.apiKey().tag().toString();
      default -> "event:" + event.id();
    };
  }

  @Override
  public void on(RecordedEvent event) {
    switch (event.event()) {
      case PolicyEvent e -> policies.on(e, event);
      case PromotionDecided e -> decisions.on(e, event);
      case ApprovalEvent e -> {
        requests.on(e, event);
        policies.on(e);
        decisions.on(e);
      }
      case DeploymentRequested e -> deployments.on(e, event);
      case DeploymentRetired e -> deployments.remove(e.deployment());
      case DeploymentSuperseded e -> deployments.remove(e.deployment());
      case ApiKeyEvent e -> apiKeys.on(e, event);
      case ErasureOrdered e -> {
        e.positions().forEach(policies::erased);
        e.positions().forEach(requests::erased);
        e.positions().forEach(apiKeys::erased);
      }
      default -> {
        // The list of types has nothing else.
      }
    }
  }

  @Override
  public void reset() {
    requests.clear();
    policies.clear();
    decisions.clear();
    deployments.clear();
    apiKeys.clear();
  }

  /** The subject's tag: all requests about one promotion or policy version stay in order. */
  private static String approval(ApprovalEvent event) {
    return switch (event) {
      case ApprovalEvent.ApprovalRequested e -> subject(e.subject(), e.subjectId());
      case ApprovalEvent.ApprovalGiven e -> subject(e.subject(), e.subjectId());
      case ApprovalEvent.ApprovalRejected e -> subject(e.subject(), e.subjectId());
      case ApprovalEvent.ApprovalRequestApproved e -> subject(e.subject(), e.subjectId());
      case ApprovalEvent.ApprovalRequestExpired e -> subject(e.subject(), e.subjectId());
      case ApprovalEvent.ApprovalRequestStaled e -> subject(e.subject(), e.subjectId());
    };
  }

  private static String subject(Subject subject, UUID id) {
    return switch (subject) {
      case PROMOTION -> "promotion:" + id;
      case POLICY_VERSION -> "policy-version:" + id;
    };
  }
}
