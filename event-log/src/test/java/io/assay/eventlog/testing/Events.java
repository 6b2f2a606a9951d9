package io.assay.eventlog.testing;

import io.assay.contracts.ModelEvent.ModelArchived;
import io.assay.contracts.ModelId;
import io.assay.contracts.Sha256;
import io.assay.contracts.Tag;
import io.assay.contracts.VersionEvent.ArtifactStored;
import io.assay.contracts.VersionId;
import io.assay.eventlog.Actor;
import io.assay.eventlog.Append;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.Guard;
import io.assay.eventlog.NewEvent;
import io.assay.eventlog.Query;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Small events to fill a log with. */
public final class Events {

  /** The type of {@link #archived}. */
  public static final String ARCHIVED = "ModelArchived";

  /** The type of {@link #stored}. */
  public static final String STORED = "ArtifactStored";

  private static final Sha256 NOTHING = Sha256.of(new byte[0]);

  private Events() {}

  public static ModelId model() {
    return new ModelId(UUID.randomUUID());
  }

  /** An event of a model, with this text, which can be erased. */
  public static NewEvent archived(ModelId model, @Nullable String text, Tag... extraTags) {
    return archived(EventMetadata.DEFAULT_WORKSPACE, model, text, extraTags);
  }

  public static NewEvent archived(
      String workspace, ModelId model, @Nullable String text, Tag... extraTags) {
    return new NewEvent(
        UUID.randomUUID(), new ModelArchived(model, text), Set.of(extraTags), metadata(workspace));
  }

  /** An event of a model and a version of it. */
  public static NewEvent stored(ModelId model, VersionId version, Tag... extraTags) {
    return new NewEvent(
        UUID.randomUUID(),
        new ArtifactStored(version, model, "model.bin", NOTHING, 0),
        Set.of(extraTags),
        metadata(EventMetadata.DEFAULT_WORKSPACE));
  }

  public static EventMetadata metadata(String workspace) {
    return EventMetadata.of(
        workspace, new Actor("actor-1", Actor.Kind.PERSON), UUID.randomUUID().toString());
  }

  /** All events of a model in the default workspace. */
  public static Query of(ModelId model, String... types) {
    return Query.of(EventMetadata.DEFAULT_WORKSPACE, Criterion.of(model.tag(), types));
  }

  /** Appends without condition. */
  public static Append append(NewEvent... events) {
    return new Append(List.of(events), List.of());
  }

  /** Appends unless an event of the model stands at or after the marker. */
  public static Append append(ModelId unless, long marker, NewEvent... events) {
    return new Append(List.of(events), List.of(new Guard(of(unless), marker)));
  }
}
