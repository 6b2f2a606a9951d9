package io.assay.policy.reactions;

import io.assay.contracts.DeploymentEvent.DeploymentObserved;
import io.assay.eventlog.RecordedEvent;
import io.assay.policy.assessdeployment.DeploymentAssessments;
import io.assay.policy.livedeployments.LiveDeployments;
import io.assay.policy.view.PolicyReads;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Set;

/** When a version is seen to serve, it is assessed by the policy in force. */
@Singleton
final class WhenDeploymentObservedThenAssess extends Reaction {

  private final DeploymentAssessments assessments;
  private final LiveDeployments deployments;
  private final PolicyReads reads;

  WhenDeploymentObservedThenAssess(
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
    return "assess-when-observed";
  }

  @Override
  public Set<String> types() {
    return Set.of("DeploymentObserved");
  }

  @Override
  public String sequence(RecordedEvent event) {
    return ((DeploymentObserved) event.event()).deployment().tag().toString();
  }

  @Override
  public void on(RecordedEvent event) {
    var deployment = ((DeploymentObserved) event.event()).deployment();
    reads.awaitPatiently(event.position());
    deployments
        .deployment(deployment)
        .ifPresent(
            live ->
                attempt(
                    deployment.tag() + " is not assessed",
                    () -> assessments.assess(live, invocation(event))));
  }
}
