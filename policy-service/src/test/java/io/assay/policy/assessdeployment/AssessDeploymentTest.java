package io.assay.policy.assessdeployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.contracts.DeploymentEvent.DeploymentAssessed;
import io.assay.contracts.DeploymentEvent.DeploymentRequested;
import io.assay.contracts.DeploymentEvent.DeploymentRetired;
import io.assay.contracts.DeploymentEvent.Standing;
import io.assay.contracts.DeploymentEvent.Strategy;
import io.assay.contracts.DeploymentId;
import io.assay.contracts.ModelId;
import io.assay.contracts.PolicyId;
import io.assay.contracts.PolicyVersionId;
import io.assay.contracts.PromotionId;
import io.assay.contracts.Sha256;
import io.assay.contracts.VersionId;
import io.assay.platform.testing.DeciderFixture;
import io.assay.policy.conditions.Evidence;
import io.assay.policy.conditions.Policies;
import io.assay.policy.conditions.Policy;
import io.assay.policy.evidence.Gate;
import io.assay.policy.evidence.VersionDossier;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AssessDeploymentTest {

  private static final DeploymentId DEPLOYMENT = new DeploymentId(new UUID(0, 1));
  private static final VersionId VERSION = new VersionId(new UUID(0, 2));
  private static final ModelId MODEL = new ModelId(new UUID(0, 3));
  private static final Gate.InForce IN_FORCE =
      new Gate.InForce(
          new PolicyVersionId(new UUID(0, 4)),
          new PolicyId(new UUID(0, 5)),
          "author",
          Policy.of(Policies.shipped("production-v1")),
          9);

  @Test
  void whatServesIsInOrOutOfPolicyByItsEvidenceWithoutApprovals() {
    assertThat(live().when(assess("1/50")).answer()).isEqualTo(Standing.IN_POLICY);
    assertThat(live().when(assess("3/50")).answer()).isEqualTo(Standing.OUT_OF_POLICY);
    live().when(assess("3/50")).then(assessed("3/50", Standing.OUT_OF_POLICY));
  }

  @Test
  void onlyANewAnswerIsRecorded() {
    live().given(assessed("3/50", Standing.OUT_OF_POLICY)).when(assess("3/50")).thenNothing();
    live()
        .given(assessed("3/50", Standing.OUT_OF_POLICY))
        .when(assess("1/50"))
        .then(assessed("1/50", Standing.IN_POLICY));
  }

  @Test
  void whatNoLongerServesIsNotAssessed() {
    live()
        .given(new DeploymentRetired(DEPLOYMENT, VERSION, MODEL, null))
        .when(assess("3/50"))
        .thenNothing();
  }

  private static DeciderFixture<AssessDeployment, ?, Standing> live() {
    return DeciderFixture.of(new AssessDeploymentDecider())
        .given(
            new DeploymentRequested(
                DEPLOYMENT,
                VERSION,
                MODEL,
                "production",
                new PromotionId(new UUID(0, 6)),
                Strategy.ALL,
                null));
  }

  private static AssessDeployment assess(String predictiveParity) {
    return new AssessDeployment(
        DEPLOYMENT,
        new VersionDossier(
            VERSION,
            MODEL,
            evidence(predictiveParity),
            Sha256.of(new byte[] {1}),
            Set.of(),
            List.of(),
            7),
        IN_FORCE,
        "production");
  }

  private static DeploymentAssessed assessed(String predictiveParity, Standing standing) {
    return new DeploymentAssessed(
        DEPLOYMENT,
        VERSION,
        MODEL,
        "production",
        IN_FORCE.policyVersion(),
        IN_FORCE.digest(),
        standing,
        IN_FORCE.conditions().ask(evidence(predictiveParity), DeciderFixture.NOW).conditions());
  }

  private static Evidence evidence(String predictiveParity) {
    return Policies.evidence(
        new Evidence.BiasEvaluation(
            6,
            Policies.NOW.minus(Duration.ofDays(1)),
            "race",
            List.of(Policies.metric("predictive-parity-difference", predictiveParity))));
  }
}
