package io.assay.contracts;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What happens to AI systems. */
public sealed interface SystemEvent extends Event {

  /** Models are used together for one intended purpose. */
  @EventType(name = "SystemRegistered", writer = Writer.REGISTRY)
  record SystemRegistered(
      SystemId system,
      RiskTier riskTier,
      @Nullable String aiActClass,
      @Erasable @Nullable String name,
      @Erasable @Nullable String purpose,
      @Erasable @Nullable String owner)
      implements SystemEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(system.tag());
    }
  }
}
