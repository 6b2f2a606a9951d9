package io.assay.policy.reactions;

import io.assay.contracts.PolicyEvent.PolicyVersionActivated;
import io.assay.eventlog.RecordedEvent;
import io.assay.policy.assessdeployment.DeploymentAssessments;
import io.assay.policy.livedeployments.LiveDeployments;
import io.assay.policy.view.PolicyReads;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Set;

/** When a policy comes into force, everything that is live behind its gate is assessed. */
@Singleton
final class WhenPolicyActivatedThenAssessDeployments extends Reaction {

  private final DeploymentAssessments assessments;
  private final LiveDeployments deployments;
  private final PolicyReads reads;

  WhenPolicyActivatedThenAssessDeployments(
      DeploymentAssessments assessments,
      LiveDeployments deployments,
      PolicyReads reads,
      Clock clock) {
    super(clock);
    this.assessments = assessments;
    this.deployments = deployments;
    this.reads = reads;
  }

  @Override
  public String name() {
    return "assess-when-activated";
  }

  @Override
  public Set<String> types() {
    return Set.of("PolicyVersionActivated");
  }

  @Override
  public String sequence(RecordedEvent event) {
    return "gate:" + ((PolicyVersionActivated) event.event()).environment();
  }

  @Override
  public void on(RecordedEvent event) {
    var environment = ((PolicyVersionActivated) event.event()).environment();
    reads.awaitPatiently(event.position());
    for (var live : deployments.in(event.metadata().workspace(), environment)) {
      attempt(
          live.deployment().tag() + " is not assessed",
          () -> assessments.assess(live, invocation(event)));
    }
  }
}
