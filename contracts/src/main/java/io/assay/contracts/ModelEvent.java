package io.assay.contracts;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What happens to models, the named lines of versions. */
public sealed interface ModelEvent extends Event {

  /** What sort of thing is governed as a model. */
  enum Kind {
    ML,
    STATISTICAL,
    VENDOR,
    FOUNDATION,
    PROMPT,
    SPREADSHEET
  }

  /** A model has got a name within a system. Uniqueness of the name is a tag. */
  @EventType(name = "ModelRegistered", writer = Writer.REGISTRY)
  record ModelRegistered(
      ModelId model,
      SystemId system,
      Kind kind,
      RiskTier riskTier,
      @Erasable @Nullable String name,
      @Erasable @Nullable String description)
      implements ModelEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(model.tag(), system.tag());
    }
  }

  /** No version is added to this model any more. */
  @EventType(name = "ModelArchived", writer = Writer.REGISTRY)
  record ModelArchived(ModelId model, @Erasable @Nullable String reason) implements ModelEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(model.tag());
    }
  }
}
