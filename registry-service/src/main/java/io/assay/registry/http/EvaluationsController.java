package io.assay.registry.http;

import io.assay.contracts.BiasEvaluationId;
import io.assay.contracts.DatasetVersionId;
import io.assay.contracts.EvaluationId;
import io.assay.contracts.RunId;
import io.assay.contracts.VersionEvent;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.contracts.VersionId;
import io.assay.eventlog.Criterion;
import io.assay.platform.identity.Invocations;
import io.assay.platform.messaging.Commands;
import io.assay.platform.messaging.Ids;
import io.assay.registry.api.EvaluationsApi;
import io.assay.registry.api.model.BiasEvaluation;
import io.assay.registry.api.model.BiasEvaluationPage;
import io.assay.registry.api.model.BiasMetric;
import io.assay.registry.api.model.BiasMetricName;
import io.assay.registry.api.model.BiasVerdict;
import io.assay.registry.api.model.Evaluation;
import io.assay.registry.api.model.EvaluationPage;
import io.assay.registry.api.model.GroupCounts;
import io.assay.registry.api.model.GroupRates;
import io.assay.registry.api.model.IntervalMethod;
import io.assay.registry.api.model.NewBiasEvaluation;
import io.assay.registry.api.model.NewEvaluation;
import io.assay.registry.api.model.Rate;
import io.assay.registry.biasevaluatemodelversion.BiasEvaluateModelVersion;
import io.assay.registry.evaluatemodelversion.EvaluateModelVersion;
import io.assay.registry.fairness.Confusion;
import io.assay.registry.fairness.Interval;
import io.assay.registry.fairness.Proportion;
import io.assay.registry.references.References;
import io.assay.registry.registryview.Card;
import io.assay.registry.registryview.Card.BiasEvaluationCard;
import io.assay.registry.registryview.Card.EvaluationCard;
import io.assay.registry.registryview.Card.ModelCard;
import io.assay.registry.registryview.Card.VersionCard;
import io.assay.registry.registryview.Cards;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import org.jspecify.annotations.Nullable;

/** Evaluations and bias evaluations. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class EvaluationsController implements EvaluationsApi {

  private final Commands commands;
  private final Invocations invocations;
  private final References references;
  private final Cards cards;

  EvaluationsController(
      Commands commands, Invocations invocations, References references, Cards cards) {
    this.commands = commands;
    this.invocations = invocations;
    this.references = references;
    this.cards = cards;
  }

  @Override
  public HttpResponse<Evaluation> recordEvaluation(
      String model, String version, NewEvaluation evaluation) {
    var invocation = invocations.current();
    var workspace = invocation.workspace();
    var registered = references.version(workspace, model, version);
    var id = new EvaluationId(Ids.next());
    var receipt =
        commands.<EvaluationId>send(
            new EvaluateModelVersion(
                id,
                registered.version(),
                registered.model(),
                new DatasetVersionId(evaluation.getDatasetVersion()),
                evaluation.getRun() == null ? null : new RunId(evaluation.getRun()),
                evaluation.getBaseline() == null ? null : new VersionId(evaluation.getBaseline()),
                Answers.finite("/metrics", evaluation.getMetrics()),
                Answers.instant(evaluation.getEvaluatedAt(), invocation.now())),
            invocation);
    var card =
        cards.fromLog(
            workspace, EvaluationCard.class, 0, Criterion.of(id.tag(), "ModelVersionEvaluated"));
    Answers.written(receipt, card.origin());
    return Answers.created(answer(card), path(registered) + "/evaluations");
  }

  @Override
  public HttpResponse<BiasEvaluation> recordBiasEvaluation(
      String model, String version, NewBiasEvaluation evaluation) {
    var invocation = invocations.current();
    var workspace = invocation.workspace();
    var registered = references.version(workspace, model, version);
    var id = new BiasEvaluationId(Ids.next());
    var receipt =
        commands.<BiasEvaluationId>send(
            new BiasEvaluateModelVersion(
                id,
                registered.version(),
                registered.model(),
                new DatasetVersionId(evaluation.getDatasetVersion()),
                evaluation.getRun() == null ? null : new RunId(evaluation.getRun()),
                evaluation.getAttribute(),
                evaluation.getReferenceGroup(),
                evaluation.getGroups().stream()
                    .map(
                        group ->
                            new VersionEvent.GroupCounts(
                                group.getGroup(),
                                group.getTp(),
                                group.getFp(),
                                group.getFn(),
                                group.getTn()))
                    .toList(),
                Answers.finite("/claimed", evaluation.getClaimed()),
                Answers.instant(evaluation.getEvaluatedAt(), invocation.now())),
            invocation);
    var card =
        cards.fromLog(
            workspace,
            BiasEvaluationCard.class,
            0,
            Criterion.of(id.tag(), "ModelVersionBiasEvaluated"));
    Answers.written(receipt, card.origin());
    return Answers.created(answer(card), path(registered) + "/bias-evaluations");
  }

  @Override
  public EvaluationPage listEvaluations(
      String model, String version, @Nullable Integer limit, @Nullable String cursor) {
    var workspace = invocations.current().workspace();
    var page =
        cards.newest(
            workspace, EvaluationCard.class, under(workspace, model, version), limit, cursor);
    return new EvaluationPage(page.items().stream().map(EvaluationsController::answer).toList())
        .next(page.next());
  }

  @Override
  public BiasEvaluationPage listBiasEvaluations(
      String model, String version, @Nullable Integer limit, @Nullable String cursor) {
    var workspace = invocations.current().workspace();
    var page =
        cards.newest(
            workspace, BiasEvaluationCard.class, under(workspace, model, version), limit, cursor);
    return new BiasEvaluationPage(page.items().stream().map(EvaluationsController::answer).toList())
        .next(page.next());
  }

  private Cards.Filter under(String workspace, String model, String version) {
    var found = cards.version(workspace, VersionCard.class, ModelCard.class, model, version);
    return Cards.Filter.under(found.card().registered().version());
  }

  private static String path(ModelVersionRegistered version) {
    return "/api/v1/models/" + version.model().value() + "/versions/" + version.version().value();
  }

  private static Evaluation answer(EvaluationCard card) {
    var evaluated = card.evaluated();
    return new Evaluation(
            evaluated.evaluation().value(),
            evaluated.model().value(),
            evaluated.version().value(),
            evaluated.datasetVersion().value(),
            evaluated.metrics(),
            Answers.utc(evaluated.evaluatedAt()),
            Answers.utc(card.origin().at()),
            card.origin().by(),
            card.origin().position())
        .run(evaluated.run() == null ? null : evaluated.run().value())
        .baseline(evaluated.baseline() == null ? null : evaluated.baseline().value());
  }

  private static BiasEvaluation answer(BiasEvaluationCard card) {
    var evaluated = card.evaluated();
    return new BiasEvaluation(
            evaluated.biasEvaluation().value(),
            evaluated.model().value(),
            evaluated.version().value(),
            evaluated.datasetVersion().value(),
            evaluated.attribute(),
            evaluated.groups().stream()
                .map(
                    group ->
                        new GroupCounts(
                            group.group(),
                            group.truePositives(),
                            group.falsePositives(),
                            group.falseNegatives(),
                            group.trueNegatives()))
                .toList(),
            Answers.utc(evaluated.evaluatedAt()),
            evaluated.metrics().stream().map(EvaluationsController::answer).toList(),
            evaluated.groups().stream()
                .map(Confusion::of)
                .map(EvaluationsController::rates)
                .toList(),
            Answers.utc(card.origin().at()),
            card.origin().by(),
            card.origin().position())
        .run(evaluated.run() == null ? null : evaluated.run().value())
        .referenceGroup(evaluated.referenceGroup())
        .claimed(evaluated.claimed().isEmpty() ? null : evaluated.claimed());
  }

  private static BiasMetric answer(VersionEvent.BiasMetric metric) {
    return new BiasMetric(BiasMetricName.fromValue(metric.name()))
        .group(metric.group())
        .reference(metric.reference())
        .estimate(metric.estimate())
        .exact(metric.exact())
        .lower(metric.lower())
        .upper(metric.upper())
        .method(metric.method() == null ? null : IntervalMethod.fromValue(metric.method()))
        .verdict(
            metric.verdict() == null
                ? null
                : BiasVerdict.fromValue(Card.spelled(metric.verdict())));
  }

  private static GroupRates rates(Confusion group) {
    return new GroupRates(
        group.group(),
        group.size(),
        rate(group.selectionRate()),
        rate(group.truePositiveRate()),
        rate(group.falsePositiveRate()),
        rate(group.trueNegativeRate()),
        rate(group.falseNegativeRate()),
        rate(group.positivePredictiveValue()),
        rate(group.negativePredictiveValue()),
        rate(group.accuracy()));
  }

  private static Rate rate(Proportion proportion) {
    var rate = new Rate(proportion.numerator(), proportion.denominator());
    proportion
        .rate()
        .ifPresent(
            exact -> {
              var interval = Interval.wilson(proportion);
              rate.estimate(exact.toDouble()).lower(interval.lower()).upper(interval.upper());
            });
    return rate;
  }
}
