package io.assay.contracts;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The request that a version be permitted in an environment, and its fate. */
public sealed interface PromotionEvent extends Event {

  enum Outcome {
    PERMIT,
    /** Only approvals are missing. */
    PENDING,
    REFUSE
  }

  /** Events that bear all the tags and any of the types, as {@code key:value} and type names. */
  record Criterion(List<String> tags, List<String> types) {}

  /** Somebody asks that the version, with exactly this content, be permitted there. */
  @EventType(name = "PromotionRequested", writer = Writer.REGISTRY)
  record PromotionRequested(
      PromotionId promotion,
      VersionId version,
      ModelId model,
      String environment,
      Sha256 contentDigest,
      @Erasable @Nullable String comment)
      implements PromotionEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(promotion.tag(), version.tag(), model.tag());
    }
  }

  /** The version is permitted in the environment. Consumes the decision. */
  @EventType(name = "ModelVersionPromoted", writer = Writer.REGISTRY)
  record ModelVersionPromoted(
      PromotionId promotion,
      VersionId version,
      ModelId model,
      String environment,
      DecisionId decision,
      Sha256 contentDigest,
      @Nullable Sha256 policyDigest)
      implements PromotionEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(promotion.tag(), version.tag(), model.tag(), decision.tag());
    }
  }

  /** Who asked no longer wants it. */
  @EventType(name = "PromotionWithdrawn", writer = Writer.REGISTRY)
  record PromotionWithdrawn(
      PromotionId promotion, VersionId version, ModelId model, @Erasable @Nullable String reason)
      implements PromotionEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(promotion.tag(), version.tag(), model.tag());
    }
  }

  /** Nobody completed it in time. */
  @EventType(name = "PromotionExpired", writer = Writer.REGISTRY)
  record PromotionExpired(PromotionId promotion, VersionId version, ModelId model)
      implements PromotionEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(promotion.tag(), version.tag(), model.tag());
    }
  }

  /** The permission is taken back. */
  @EventType(name = "PromotionRevoked", writer = Writer.REGISTRY)
  record PromotionRevoked(
      PromotionId promotion, VersionId version, ModelId model, @Erasable @Nullable String reason)
      implements PromotionEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(promotion.tag(), version.tag(), model.tag());
    }
  }

  /**
   * The policy's computed answer. It holds for exactly this content, under exactly this policy,
   * until {@code validUntil} or until an event matches {@code criteria} at or after {@code marker}.
   */
  @EventType(name = "PromotionDecided", writer = Writer.POLICY)
  record PromotionDecided(
      DecisionId decision,
      PromotionId promotion,
      VersionId version,
      ModelId model,
      String environment,
      Sha256 contentDigest,
      @Nullable PolicyVersionId policyVersion,
      @Nullable Sha256 policyDigest,
      Outcome outcome,
      List<ConditionResult> conditions,
      List<Criterion> criteria,
      long marker,
      Instant validUntil)
      implements PromotionEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(decision.tag(), promotion.tag(), version.tag(), model.tag());
    }
  }
}
