package io.assay.contracts;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What happens to policies, the versioned sets of conditions. */
public sealed interface PolicyEvent extends Event {

  /** The gate that every promotion to an environment passes: what is activated there shuts it. */
  static Tag gate(String environment) {
    return new Tag("gate", environment);
  }

  /**
   * A policy has got a name and the environment that it guards. Uniqueness of the name is a tag.
   */
  @EventType(name = "PolicyRegistered", writer = Writer.POLICY)
  record PolicyRegistered(
      PolicyId policy,
      String environment,
      @Erasable @Nullable String name,
      @Erasable @Nullable String description)
      implements PolicyEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(policy.tag());
    }
  }

  /**
   * A version of the policy. The document stays readable for ever, since decisions rest on it: it
   * is not erasable.
   *
   * @param comment why the policy shall change; since version 2
   */
  @EventType(name = "PolicyVersionDrafted", version = 2, writer = Writer.POLICY)
  record PolicyVersionDrafted(
      PolicyVersionId policyVersion,
      PolicyId policy,
      String environment,
      String document,
      Sha256 digest,
      @Erasable @Nullable String comment)
      implements PolicyEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(policyVersion.tag(), policy.tag());
    }
  }

  /** From here on the version is in force; it bears the tag of the gate of its environment. */
  @EventType(name = "PolicyVersionActivated", writer = Writer.POLICY)
  record PolicyVersionActivated(
      PolicyVersionId policyVersion, PolicyId policy, String environment, Sha256 digest)
      implements PolicyEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(policyVersion.tag(), policy.tag(), gate(environment));
    }
  }
}
