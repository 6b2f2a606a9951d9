package io.assay.contracts;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What happens around the record itself. */
public sealed interface GovernanceEvent extends Event {

  /**
   * An authenticated actor was refused by role, policy or separation of duties. Repeats of one
   * actor on one rule coalesce per minute.
   */
  @EventType(
      name = "AccessRefused",
      writer = {Writer.REGISTRY, Writer.POLICY, Writer.LINEAGE})
  record AccessRefused(String actor, String rule, String route, @Nullable String subject)
      implements GovernanceEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(new Tag("actor", actor));
    }
  }

  /** The text sections of the events at these positions shall be erased, on this ground. */
  @EventType(name = "ErasureOrdered", writer = Writer.OPERATOR)
  record ErasureOrdered(List<Long> positions, String ground) implements GovernanceEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(new Tag("erasure", "ordered"));
    }
  }
}
