package io.assay.policy.assessdeployment;

import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Commands;
import io.assay.policy.evidence.EvidenceReader;
import io.assay.policy.livedeployments.LiveDeployments.Live;
import jakarta.inject.Singleton;

/** Sources what a deployment's assessment rests on and has it assessed. */
@Singleton
public class DeploymentAssessments {

  private final EvidenceReader evidence;
  private final Commands commands;

  DeploymentAssessments(EvidenceReader evidence, Commands commands) {
    this.evidence = evidence;
    this.commands = commands;
  }

  /** Assesses a live deployment by the policy in force; without one there is nothing to say. */
  public void assess(Live live, Invocation invocation) {
    var workspace = invocation.workspace();
    var inForce = evidence.gate(workspace, live.environment()).inForce();
    if (inForce != null) {
      var dossier = evidence.version(workspace, live.version()).orElseThrow();
      commands.send(
          new AssessDeployment(live.deployment(), dossier, inForce, live.environment()),
          invocation);
    }
  }
}
