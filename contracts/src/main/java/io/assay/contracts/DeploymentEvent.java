package io.assay.contracts;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A version serving in an environment: asked for here, done and reported by an executor. */
public sealed interface DeploymentEvent extends Event {

  /** How traffic reaches the version. */
  enum Strategy {
    ALL,
    CANARY,
    SHADOW,
    AB
  }

  enum Standing {
    IN_POLICY,
    OUT_OF_POLICY
  }

  /** The version shall serve there, by the promotion that permits it. */
  @EventType(name = "DeploymentRequested", writer = Writer.REGISTRY)
  record DeploymentRequested(
      DeploymentId deployment,
      VersionId version,
      ModelId model,
      String environment,
      PromotionId promotion,
      Strategy strategy,
      @Erasable @Nullable String target)
      implements DeploymentEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(deployment.tag(), version.tag(), model.tag());
    }
  }

  /** An executor reports that the version serves, and where it looked, with which content. */
  @EventType(name = "DeploymentObserved", writer = Writer.REGISTRY)
  record DeploymentObserved(
      DeploymentId deployment,
      VersionId version,
      ModelId model,
      Instant observedAt,
      @Nullable Sha256 manifestDigest,
      @Erasable @Nullable String comment)
      implements DeploymentEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(deployment.tag(), version.tag(), model.tag());
    }
  }

  /** Another deployment took its place. */
  @EventType(name = "DeploymentSuperseded", writer = Writer.REGISTRY)
  record DeploymentSuperseded(
      DeploymentId deployment, VersionId version, ModelId model, DeploymentId by)
      implements DeploymentEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(deployment.tag(), version.tag(), model.tag());
    }
  }

  /** The version no longer serves there. */
  @EventType(name = "DeploymentRetired", writer = Writer.REGISTRY)
  record DeploymentRetired(
      DeploymentId deployment, VersionId version, ModelId model, @Erasable @Nullable String reason)
      implements DeploymentEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(deployment.tag(), version.tag(), model.tag());
    }
  }

  /** What the policy now in force says of a version that serves. */
  @EventType(name = "DeploymentAssessed", writer = Writer.POLICY)
  record DeploymentAssessed(
      DeploymentId deployment,
      VersionId version,
      ModelId model,
      String environment,
      PolicyVersionId policyVersion,
      Sha256 policyDigest,
      Standing standing,
      List<ConditionResult> conditions)
      implements DeploymentEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(deployment.tag(), version.tag(), model.tag());
    }
  }
}
