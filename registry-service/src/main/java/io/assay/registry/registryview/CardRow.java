package io.assay.registry.registryview;

import io.assay.contracts.EntityId;
import io.assay.contracts.EventJson;
import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One entity of the view: what it is found, filtered and sorted by, and its card.
 *
 * @param kind the key of the entity's tag
 * @param parent what it is listed under: the dataset, system, model or version
 * @param number rank among the versions of its parent
 * @param position of its first event, by which lists are sorted
 */
@MappedEntity("card")
record CardRow(
    @Id UUID id,
    String kind,
    String workspace,
    @Nullable String name,
    @Nullable UUID parent,
    @Nullable UUID model,
    @Nullable Integer number,
    @Nullable String state,
    @Nullable String environment,
    @Nullable String standing,
    long position,
    String content) {

  static CardRow of(String workspace, Card card) {
    var row = new Columns(workspace, card);
    return switch (card) {
      case Card.DatasetCard c ->
          row.of(c.registered().dataset(), c.registered().name(), null, null, null, null, null);
      case Card.DatasetVersionCard c ->
          row.of(
              c.registered().datasetVersion(),
              null,
              c.registered().dataset().value(),
              null,
              c.number(),
              null,
              null);
      case Card.RunCard c -> row.of(c.started().run(), null, null, null, null, c.state(), null);
      case Card.SystemCard c ->
          row.of(c.registered().system(), c.registered().name(), null, null, null, null, null);
      case Card.ModelCard c ->
          row.of(
              c.registered().model(),
              c.registered().name(),
              c.registered().system().value(),
              null,
              null,
              null,
              null);
      case Card.VersionCard c ->
          row.of(
              c.registered().version(),
              null,
              c.registered().model().value(),
              c.registered().model().value(),
              c.number(),
              Card.spelled(c.state()),
              null);
      case Card.EvaluationCard c ->
          row.of(
              c.evaluated().evaluation(),
              null,
              c.evaluated().version().value(),
              c.evaluated().model().value(),
              null,
              null,
              null);
      case Card.BiasEvaluationCard c ->
          row.of(
              c.evaluated().biasEvaluation(),
              null,
              c.evaluated().version().value(),
              c.evaluated().model().value(),
              null,
              null,
              null);
      case Card.PromotionCard c ->
          row.of(
              c.requested().promotion(),
              null,
              c.requested().version().value(),
              c.requested().model().value(),
              null,
              Card.spelled(c.state()),
              c.requested().environment());
      case Card.DeploymentCard c ->
          row.of(
                  c.requested().deployment(),
                  null,
                  c.requested().version().value(),
                  c.requested().model().value(),
                  null,
                  Card.spelled(c.state()),
                  c.requested().environment())
              .standing(c.spelledStanding());
    };
  }

  <T extends Card> T card(Class<T> type) {
    return EventJson.value(content, type);
  }

  /** The kind of the entities that a sort of card is about. */
  static String kind(Class<? extends Card> type) {
    return switch (type.getSimpleName()) {
      case "DatasetCard" -> "dataset";
      case "DatasetVersionCard" -> "dataset-version";
      case "RunCard" -> "run";
      case "SystemCard" -> "system";
      case "ModelCard" -> "model";
      case "VersionCard" -> "version";
      case "EvaluationCard" -> "evaluation";
      case "BiasEvaluationCard" -> "bias-evaluation";
      case "PromotionCard" -> "promotion";
      case "DeploymentCard" -> "deployment";
      default -> throw new IllegalArgumentException(type + " is no card");
    };
  }

  CardRow withText(@Nullable String newName, String newContent) {
    return new CardRow(
        id,
        kind,
        workspace,
        newName,
        parent,
        model,
        number,
        state,
        environment,
        standing,
        position,
        newContent);
  }

  private CardRow standing(String spelled) {
    return new CardRow(
        id,
        kind,
        workspace,
        name,
        parent,
        model,
        number,
        state,
        environment,
        spelled,
        position,
        content);
  }

  private record Columns(String workspace, Card card) {
    CardRow of(
        EntityId id,
        @Nullable String name,
        @Nullable UUID parent,
        @Nullable UUID model,
        @Nullable Integer number,
        @Nullable String state,
        @Nullable String environment) {
      return new CardRow(
          id.value(),
          id.kind(),
          workspace,
          name,
          parent,
          model,
          number,
          state,
          environment,
          null,
          card.origin().position(),
          EventJson.text(card));
    }
  }
}
