package io.assay.contracts;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What happens to datasets and their versions. */
public sealed interface DatasetEvent extends Event {

  /** One column. */
  record Field(String name, String type) {}

  /** What a data validation tool found; counts of its checks. */
  record ValidationReport(String tool, boolean passed, int checks, int failed) {}

  /** A dataset has got a name. Uniqueness of the name is a tag. */
  @EventType(name = "DatasetRegistered", writer = Writer.REGISTRY)
  record DatasetRegistered(
      DatasetId dataset, @Erasable @Nullable String name, @Erasable @Nullable String description)
      implements DatasetEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(dataset.tag());
    }
  }

  /** A version of a dataset, fixed by the digest of its content. */
  @EventType(name = "DatasetVersionRegistered", writer = Writer.REGISTRY)
  record DatasetVersionRegistered(
      DatasetVersionId datasetVersion,
      DatasetId dataset,
      Sha256 digest,
      @Nullable Long rows,
      @Nullable ValidationReport validation,
      @Erasable @Nullable String source,
      @Erasable @Nullable List<Field> schema,
      @Erasable @Nullable String description)
      implements DatasetEvent {
    @Override
    public Set<Tag> tags() {
      return Set.of(datasetVersion.tag(), dataset.tag());
    }
  }
}
