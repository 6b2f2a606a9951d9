package io.assay.policy.evidence;

import io.assay.contracts.ContentDigest;
import io.assay.contracts.DatasetEvent.DatasetVersionRegistered;
import io.assay.contracts.DatasetVersionId;
import io.assay.contracts.Event;
import io.assay.contracts.ModelEvent.ModelRegistered;
import io.assay.contracts.PolicyEvent;
import io.assay.contracts.PolicyEvent.PolicyVersionActivated;
import io.assay.contracts.PolicyEvent.PolicyVersionDrafted;
import io.assay.contracts.PolicyVersionId;
import io.assay.contracts.RunEvent.RunCompleted;
import io.assay.contracts.RunEvent.RunStarted;
import io.assay.contracts.Sha256;
import io.assay.contracts.VersionEvent.Artifact;
import io.assay.contracts.VersionEvent.ArtifactStored;
import io.assay.contracts.VersionEvent.ModelVersionArchived;
import io.assay.contracts.VersionEvent.ModelVersionBiasEvaluated;
import io.assay.contracts.VersionEvent.ModelVersionEvaluated;
import io.assay.contracts.VersionEvent.ModelVersionQuarantined;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.contracts.VersionId;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.policy.conditions.Evidence;
import io.assay.policy.conditions.Policy;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads evidence step by step: what a version names is known only once the version is read. The
 * first marker, the lowest, goes with all of it: what happens between two steps conflicts.
 */
@Singleton
public class EvidenceReader {

  private final EventLog log;

  public EvidenceReader(EventLog log) {
    this.log = log;
  }

  /** What is known about a version; empty where there is none. */
  public Optional<VersionDossier> version(String workspace, VersionId version) {
    var ofVersion =
        Criterion.of(
            version.tag(),
            "ModelVersionRegistered",
            "ArtifactStored",
            "ModelVersionEvaluated",
            "ModelVersionBiasEvaluated",
            "ModelVersionQuarantined",
            "ModelVersionArchived");
    var sourced = log.source(Query.of(workspace, ofVersion), 0);
    var reading = new Reading();
    sourced.events().forEach(reading::take);
    var registered = reading.registered;
    if (registered == null) {
      return Optional.empty();
    }
    reading.criteria.add(ofVersion);
    read(workspace, reading, Criterion.of(registered.model().tag(), "ModelRegistered"));
    if (registered.run() != null) {
      read(workspace, reading, Criterion.of(registered.run().tag(), "RunStarted", "RunCompleted"));
    }
    read(
        workspace,
        reading,
        reading.datasetVersions.stream()
            .map(dataset -> Criterion.of(dataset.tag(), "DatasetVersionRegistered"))
            .toArray(Criterion[]::new));
    return Optional.of(reading.dossier(registered, sourced.marker()));
  }

  /** What is in force in an environment. */
  public Gate gate(String workspace, String environment) {
    var sourced =
        log.source(
            Query.of(
                workspace, Criterion.of(PolicyEvent.gate(environment), "PolicyVersionActivated")),
            0);
    Gate.InForce inForce = null;
    if (!sourced.events().isEmpty()) {
      var last = sourced.events().getLast();
      if (last.event() instanceof PolicyVersionActivated activated) {
        var draft = draft(workspace, activated.policyVersion()).orElseThrow();
        inForce =
            new Gate.InForce(
                activated.policyVersion(),
                activated.policy(),
                draft.author(),
                Policy.of(draft.drafted().document()),
                last.position());
      }
    }
    return new Gate(environment, inForce, sourced.marker());
  }

  /** A draft and who wrote it. */
  public record Draft(PolicyVersionDrafted drafted, String author) {}

  /** A drafted version of a policy; empty where there is none. */
  public Optional<Draft> draft(String workspace, PolicyVersionId version) {
    return log
        .source(Query.of(workspace, Criterion.of(version.tag(), "PolicyVersionDrafted")), 0)
        .events()
        .stream()
        .filter(event -> event.event() instanceof PolicyVersionDrafted)
        .findFirst()
        .map(event -> new Draft((PolicyVersionDrafted) event.event(), principal(event)));
  }

  /** Who is behind an event: whoever asked for it, where a service carried it out. */
  public static String principal(RecordedEvent event) {
    var metadata = event.metadata();
    return metadata.onBehalfOf() == null ? metadata.actor().id() : metadata.onBehalfOf();
  }

  private void read(String workspace, Reading reading, Criterion... criteria) {
    if (criteria.length > 0) {
      reading.criteria.addAll(List.of(criteria));
      log.source(Query.of(workspace, criteria), 0).events().forEach(reading::take);
    }
  }

  /** What has been read so far. */
  private static final class Reading {

    private final List<Criterion> criteria = new ArrayList<>();
    private final Set<String> contributors = new TreeSet<>();
    private final Set<DatasetVersionId> datasetVersions = new HashSet<>();
    private final List<Evidence.Evaluation> evaluations = new ArrayList<>();
    private final List<Evidence.BiasEvaluation> biasEvaluations = new ArrayList<>();
    private final List<Evidence.Dataset> datasets = new ArrayList<>();
    private final Map<UUID, Sha256> evaluationDigests = new HashMap<>();
    private final Map<UUID, Sha256> biasEvaluationDigests = new HashMap<>();
    private final Map<UUID, Sha256> datasetDigests = new HashMap<>();
    private final List<Long> artifactPositions = new ArrayList<>();
    private final Set<String> stored = new HashSet<>();
    private @Nullable ModelVersionRegistered registered;
    private Evidence.@Nullable Model model;
    private Evidence.@Nullable Run run;
    private @Nullable Long unusable;

    void take(RecordedEvent recorded) {
      long position = recorded.position();
      Event event = recorded.event();
      switch (event) {
        case ModelVersionRegistered e -> {
          registered = e;
          artifactPositions.add(position);
          contributors.add(principal(recorded));
        }
        case ArtifactStored e -> {
          stored.add(e.path());
          artifactPositions.add(position);
          contributors.add(principal(recorded));
        }
        case ModelVersionEvaluated e -> {
          evaluations.add(
              new Evidence.Evaluation(
                  position, measuredAt(e.evaluatedAt(), recorded), e.metrics()));
          evaluationDigests.put(e.evaluation().value(), e.digest());
          datasetVersions.add(e.datasetVersion());
        }
        case ModelVersionBiasEvaluated e -> {
          biasEvaluations.add(
              new Evidence.BiasEvaluation(
                  position, measuredAt(e.evaluatedAt(), recorded), e.attribute(), e.metrics()));
          biasEvaluationDigests.put(e.biasEvaluation().value(), e.digest());
          datasetVersions.add(e.datasetVersion());
        }
        case ModelVersionQuarantined e -> unusable = position;
        case ModelVersionArchived e -> unusable = position;
        case ModelRegistered e ->
            model =
                new Evidence.Model(
                    position, spelled(e.kind().name()), spelled(e.riskTier().name()));
        case RunStarted e -> {
          run = new Evidence.Run(position, null);
          datasetVersions.addAll(e.inputs());
          contributors.add(principal(recorded));
        }
        case RunCompleted e -> {
          run = new Evidence.Run(position, e.outcome());
          contributors.add(principal(recorded));
        }
        case DatasetVersionRegistered e -> {
          datasets.add(new Evidence.Dataset(position, e.validation()));
          datasetDigests.put(e.datasetVersion().value(), e.digest());
        }
        default -> {
          // Nothing else was asked for.
        }
      }
    }

    VersionDossier dossier(ModelVersionRegistered version, long marker) {
      if (model == null) {
        throw new IllegalStateException("The model of " + version.version() + " is not in the log");
      }
      var content =
          new ContentDigest(
              version.manifestDigest(), evaluationDigests, biasEvaluationDigests, datasetDigests);
      var missing =
          version.artifacts().stream()
              .map(Artifact::path)
              .filter(path -> !stored.contains(path))
              .sorted()
              .toList();
      return new VersionDossier(
          version.version(),
          version.model(),
          new Evidence(
              model,
              new Evidence.Artifacts(List.copyOf(artifactPositions), missing),
              run,
              datasets,
              evaluations,
              biasEvaluations,
              unusable),
          content.digest(),
          contributors,
          criteria,
          marker);
    }

    /** What a client claims counts only where it makes the evidence older. */
    private static Instant measuredAt(Instant claimed, RecordedEvent recorded) {
      return claimed.isBefore(recorded.recordedAt()) ? claimed : recorded.recordedAt();
    }

    private static String spelled(String constant) {
      return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
