package io.assay.registry.content;

import io.assay.contracts.ContentDigest;
import io.assay.contracts.DatasetEvent.DatasetVersionRegistered;
import io.assay.contracts.DatasetVersionId;
import io.assay.contracts.RunEvent.RunStarted;
import io.assay.contracts.Sha256;
import io.assay.contracts.VersionId;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Sources from the log what would be promoted now. */
@Singleton
public class VersionContents {

  private final EventLog log;

  VersionContents(EventLog log) {
    this.log = log;
  }

  /**
   * The content of a version: its manifest, its evaluations and bias evaluations, and the dataset
   * versions that its run read or an evaluation measured on. Empty where there is no such version.
   */
  public Optional<ContentDigest> of(String workspace, VersionId version) {
    var content = VersionContent.UNKNOWN;
    for (var event : source(workspace, List.of(VersionContent.criterion(version)))) {
      content = content.evolve(event);
    }
    if (content.version() == null) {
      return Optional.empty();
    }
    var datasetVersions = new HashSet<>(content.measuredOn());
    var run = content.version().run();
    if (run != null) {
      for (var event : source(workspace, List.of(Criterion.of(run.tag(), "RunStarted")))) {
        if (event.event() instanceof RunStarted started) {
          datasetVersions.addAll(started.inputs());
        }
      }
    }
    return Optional.of(
        new ContentDigest(
            content.version().manifestDigest(),
            content.evaluations(),
            content.biasEvaluations(),
            digests(workspace, datasetVersions)));
  }

  private Map<UUID, Sha256> digests(String workspace, Set<DatasetVersionId> datasetVersions) {
    var criteria =
        datasetVersions.stream()
            .map(id -> Criterion.of(id.tag(), "DatasetVersionRegistered"))
            .toList();
    var digests = new HashMap<UUID, Sha256>();
    for (var event : source(workspace, criteria)) {
      if (event.event() instanceof DatasetVersionRegistered registered) {
        digests.put(registered.datasetVersion().value(), registered.digest());
      }
    }
    return digests;
  }

  private List<RecordedEvent> source(String workspace, List<Criterion> criteria) {
    return criteria.isEmpty() ? List.of() : log.source(new Query(workspace, criteria), 0).events();
  }
}
