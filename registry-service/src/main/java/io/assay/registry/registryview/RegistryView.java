package io.assay.registry.registryview;

import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.DatasetEvent.DatasetVersionRegistered;
import io.assay.contracts.DeploymentEvent.DeploymentAssessed;
import io.assay.contracts.DeploymentEvent.DeploymentObserved;
import io.assay.contracts.DeploymentEvent.DeploymentRetired;
import io.assay.contracts.DeploymentEvent.DeploymentSuperseded;
import io.assay.contracts.Event;
import io.assay.contracts.GovernanceEvent.ErasureOrdered;
import io.assay.contracts.ModelEvent.ModelArchived;
import io.assay.contracts.PromotionEvent.ModelVersionPromoted;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionEvent.PromotionExpired;
import io.assay.contracts.PromotionEvent.PromotionRevoked;
import io.assay.contracts.PromotionEvent.PromotionWithdrawn;
import io.assay.contracts.RunEvent.RunCompleted;
import io.assay.contracts.Tag;
import io.assay.contracts.VersionEvent.ArtifactStored;
import io.assay.contracts.VersionEvent.ModelVersionArchived;
import io.assay.contracts.VersionEvent.ModelVersionQuarantined;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.view.View;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Keeps a card of every entity. */
@Singleton
final class RegistryView implements View {

  static final String NAME = "registry";

  private static final Set<String> TYPES =
      Set.of(
          "DatasetRegistered",
          "DatasetVersionRegistered",
          "RunStarted",
          "RunCompleted",
          "SystemRegistered",
          "ModelRegistered",
          "ModelArchived",
          "ModelVersionRegistered",
          "ArtifactStored",
          "ModelVersionEvaluated",
          "ModelVersionBiasEvaluated",
          "ModelVersionQuarantined",
          "ModelVersionArchived",
          "PromotionRequested",
          "PromotionDecided",
          "ApprovalRequested",
          "ModelVersionPromoted",
          "PromotionWithdrawn",
          "PromotionExpired",
          "PromotionRevoked",
          "DeploymentRequested",
          "DeploymentObserved",
          "DeploymentSuperseded",
          "DeploymentRetired",
          "DeploymentAssessed",
          "ErasureOrdered");

  private final CardRows rows;
  private final JdbcOperations jdbc;

  RegistryView(CardRows rows, JdbcOperations jdbc) {
    this.rows = rows;
    this.jdbc = jdbc;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> types() {
    return TYPES;
  }

  /** What is of one model, or of one dataset, stays in order. */
  @Override
  public String sequence(RecordedEvent event) {
    return Stream.of("model", "dataset", "run", "system", "promotion", "approval-request")
        .flatMap(key -> event.tags().stream().filter(tag -> tag.key().equals(key)))
        .findFirst()
        .map(Tag::toString)
        .orElse("event:" + event.id());
  }

  @Override
  public void on(RecordedEvent event) {
    on(List.of(event));
  }

  @Override
  public void on(List<RecordedEvent> events) {
    var changes = new CardChanges(jdbc);
    changes.read(events.stream().flatMap(event -> concerned(event.event()).stream()).toList());
    changes.count(events.stream().flatMap(event -> owner(event.event()).stream()).toList());
    events.forEach(event -> take(changes, event));
    changes.flush();
  }

  private void take(CardChanges changes, RecordedEvent event) {
    if (event.event() instanceof ErasureOrdered ordered) {
      changes.flush();
      ordered.positions().forEach(this::erase);
    }
    for (var concerned : concerned(event.event())) {
      changes.find(concerned).ifPresent(card -> changes.change(concerned, card.evolve(event)));
    }
    Card.begin(event, owner(event.event()).map(changes::next).orElse(0))
        .ifPresent(card -> changes.begin(event.metadata().workspace(), card));
  }

  @Override
  public void reset() {
    jdbc.prepareStatement("truncate card", PreparedStatement::executeUpdate);
  }

  private void erase(long position) {
    rows.findByPosition(position).ifPresent(row -> rows.update(ErasedText.of(row)));
  }

  /** What a new version is a version of. */
  private static Optional<UUID> owner(Event event) {
    return switch (event) {
      case ModelVersionRegistered e -> Optional.of(e.model().value());
      case DatasetVersionRegistered e -> Optional.of(e.dataset().value());
      default -> Optional.empty();
    };
  }

  /** Whose cards an event may change. */
  private static List<UUID> concerned(Event event) {
    return switch (event) {
      case RunCompleted e -> List.of(e.run().value());
      case ModelArchived e -> List.of(e.model().value());
      case ArtifactStored e -> List.of(e.version().value());
      case ModelVersionQuarantined e -> List.of(e.version().value());
      case ModelVersionArchived e -> List.of(e.version().value());
      case PromotionDecided e -> List.of(e.promotion().value());
      case ApprovalRequested e -> List.of(e.subjectId());
      case ModelVersionPromoted e -> List.of(e.version().value(), e.promotion().value());
      case PromotionWithdrawn e -> List.of(e.promotion().value());
      case PromotionExpired e -> List.of(e.promotion().value());
      case PromotionRevoked e -> List.of(e.version().value(), e.promotion().value());
      case DeploymentObserved e -> List.of(e.deployment().value());
      case DeploymentSuperseded e -> List.of(e.deployment().value());
      case DeploymentRetired e -> List.of(e.deployment().value());
      case DeploymentAssessed e -> List.of(e.deployment().value());
      default -> List.of();
    };
  }
}
