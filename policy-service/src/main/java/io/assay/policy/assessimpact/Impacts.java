package io.assay.policy.assessimpact;

import io.assay.eventlog.EventLog;
import io.assay.policy.conditions.Policy;
import io.assay.policy.evidence.EvidenceReader;
import io.assay.policy.livedeployments.LiveDeployments;
import io.assay.policy.livedeployments.LiveDeployments.Live;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;

/** Asks a policy about every deployment that is live in its environment. */
@Singleton
public class Impacts {

  private final EventLog log;
  private final EvidenceReader evidence;
  private final LiveDeployments deployments;

  public Impacts(EventLog log, EvidenceReader evidence, LiveDeployments deployments) {
    this.log = log;
    this.evidence = evidence;
    this.deployments = deployments;
  }

  /** What the policy would say to one deployment. */
  public record Impact(Live deployment, Policy.Answer answer) {}

  /**
   * What it would say to all of them.
   *
   * @param marker how many events were regarded at least
   */
  public record Assessed(long marker, List<Impact> impacts) {}

  public Assessed of(String workspace, String environment, Policy policy, Instant now) {
    long marker = log.head();
    var impacts =
        deployments.in(workspace, environment).stream()
            .map(
                live ->
                    new Impact(
                        live,
                        policy.ask(
                            evidence.version(workspace, live.version()).orElseThrow().evidence(),
                            now)))
            .toList();
    return new Assessed(marker, impacts);
  }
}
