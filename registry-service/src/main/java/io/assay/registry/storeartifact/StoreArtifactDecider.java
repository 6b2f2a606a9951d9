package io.assay.registry.storeartifact;

import io.assay.contracts.VersionEvent.Artifact;
import io.assay.contracts.VersionEvent.ArtifactStored;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Decider;
import io.assay.platform.messaging.Fact;
import io.assay.platform.messaging.Outcome;
import io.assay.platform.problem.Rejection;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Singleton
final class StoreArtifactDecider
    implements Decider<StoreArtifact, StoreArtifactDecider.State, Artifact> {

  record State(@Nullable ModelVersionRegistered version, boolean stored) {}

  @Override
  public Class<StoreArtifact> command() {
    return StoreArtifact.class;
  }

  @Override
  public Query boundary(StoreArtifact command, Invocation invocation) {
    return Query.of(
        invocation.workspace(),
        Criterion.of(command.version().tag(), "ModelVersionRegistered"),
        content(command));
  }

  @Override
  public List<Criterion> expectedAbsent(StoreArtifact command) {
    return List.of(content(command));
  }

  private static Criterion content(StoreArtifact command) {
    return Criterion.of(command.artifactTag(), "ArtifactStored");
  }

  @Override
  public State initial() {
    return new State(null, false);
  }

  @Override
  public State evolve(State state, RecordedEvent event) {
    return switch (event.event()) {
      case ModelVersionRegistered registered -> new State(registered, state.stored);
      case ArtifactStored stored -> new State(state.version, true);
      default -> state;
    };
  }

  @Override
  public Outcome<Artifact> decide(StoreArtifact command, State state, Invocation invocation) {
    if (state.version == null) {
      return Outcome.refused(Rejection.notFound("such version"));
    }
    var named =
        state.version.artifacts().stream().filter(a -> a.path().equals(command.path())).findFirst();
    if (named.isEmpty()) {
      return Outcome.refused(Rejection.notFound("such path in the manifest of the version"));
    }
    var artifact = named.get();
    if (!artifact.digest().equals(command.digest()) || artifact.size() != command.size()) {
      return Outcome.refused(
          Rejection.digestMismatch(
              "The manifest says %d bytes with SHA-256 %s; received were %d with %s. Send the right bytes."
                  .formatted(
                      artifact.size(), artifact.digest(), command.size(), command.digest())));
    }
    if (state.stored) {
      return Outcome.unchanged(artifact);
    }
    return Outcome.accepted(
        artifact,
        Fact.of(
            new ArtifactStored(
                command.version(),
                state.version.model(),
                artifact.path(),
                artifact.digest(),
                artifact.size()),
            command.artifactTag()));
  }
}
