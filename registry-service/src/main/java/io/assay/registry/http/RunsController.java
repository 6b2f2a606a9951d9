package io.assay.registry.http;

import io.assay.contracts.DatasetVersionId;
import io.assay.contracts.RunEvent;
import io.assay.contracts.RunId;
import io.assay.eventlog.Criterion;
import io.assay.platform.http.Cursors;
import io.assay.platform.identity.Invocations;
import io.assay.platform.messaging.Commands;
import io.assay.platform.messaging.Ids;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.assay.registry.api.RunsApi;
import io.assay.registry.api.model.CodeReference;
import io.assay.registry.api.model.Cost;
import io.assay.registry.api.model.MetricPoint;
import io.assay.registry.api.model.MetricPointPage;
import io.assay.registry.api.model.MetricPoints;
import io.assay.registry.api.model.MetricsRecorded;
import io.assay.registry.api.model.NewRun;
import io.assay.registry.api.model.ResourceUse;
import io.assay.registry.api.model.Run;
import io.assay.registry.api.model.RunCompletion;
import io.assay.registry.api.model.RunKind;
import io.assay.registry.api.model.RunPage;
import io.assay.registry.api.model.RunState;
import io.assay.registry.completerun.CompleteRun;
import io.assay.registry.logmetrics.MetricSeries;
import io.assay.registry.registryview.Card.RunCard;
import io.assay.registry.registryview.Cards;
import io.assay.registry.startrun.StartRun;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Runs and their series. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class RunsController implements RunsApi {

  private static final int DEFAULT_LIMIT = 100;

  private final Commands commands;
  private final Invocations invocations;
  private final MetricSeries series;
  private final Cursors cursors;
  private final Cards cards;

  RunsController(
      Commands commands,
      Invocations invocations,
      MetricSeries series,
      Cursors cursors,
      Cards cards) {
    this.commands = commands;
    this.invocations = invocations;
    this.series = series;
    this.cursors = cursors;
    this.cards = cards;
  }

  @Override
  public HttpResponse<Run> startRun(NewRun run) {
    var invocation = invocations.current();
    var id = new RunId(Ids.next());
    var code = run.getCode();
    var receipt =
        commands.<RunId>send(
            new StartRun(
                id,
                RunEvent.Kind.valueOf(run.getKind().name()),
                Answers.nfc(run.getName()),
                run.getInputs() == null
                    ? List.of()
                    : run.getInputs().stream().map(DatasetVersionId::new).toList(),
                code == null ? null : new RunEvent.Code(code.getRepository(), code.getCommit()),
                run.getEnvironment() == null ? Map.of() : run.getEnvironment(),
                run.getParameters() == null ? Map.of() : run.getParameters(),
                Answers.instant(run.getStartedAt(), invocation.now())),
            invocation);
    var card = fromLog(invocation.workspace(), id);
    Answers.written(receipt, card.origin());
    return Answers.created(answer(card), "/api/v1/runs/" + id.value());
  }

  @Override
  public MetricsRecorded recordMetrics(UUID run, MetricPoints points) {
    var id = new RunId(run);
    requireKnown(id, true);
    var added = new ArrayList<io.assay.registry.logmetrics.MetricPoint>();
    for (int i = 0; i < points.getPoints().size(); i++) {
      var point = points.getPoints().get(i);
      if (!Double.isFinite(point.getValue())) {
        throw new ProblemException(
            Rejection.unacceptable("/points/" + i + "/value", "A metric is a finite number."));
      }
      added.add(
          new io.assay.registry.logmetrics.MetricPoint(
              point.getKey(),
              point.getValue(),
              point.getStep(),
              point.getTimestamp().toInstant().truncatedTo(ChronoUnit.MICROS)));
    }
    int accepted = series.add(id, added);
    return new MetricsRecorded(accepted, series.count(id));
  }

  @Override
  public HttpResponse<Run> completeRun(UUID run, RunCompletion completion) {
    var invocation = invocations.current();
    var id = new RunId(run);
    requireKnown(id, false);
    var metrics = Answers.finite("/metrics", completion.getMetrics());
    var sealed = series.seal(id);
    var used = completion.getResources();
    var cost = completion.getCost();
    var receipt =
        commands.<RunId>send(
            new CompleteRun(
                id,
                RunEvent.Outcome.valueOf(completion.getOutcome().name()),
                metrics,
                sealed.points(),
                sealed.digest(),
                used == null
                    ? null
                    : new RunEvent.Resources(
                        used.getCpuSeconds(),
                        used.getGpuSeconds(),
                        used.getPeakMemoryBytes(),
                        used.getEnergyWattHours()),
                cost == null
                    ? null
                    : new RunEvent.Cost(new BigDecimal(cost.getAmount()), cost.getCurrency()),
                Answers.instant(completion.getEndedAt(), invocation.now())),
            invocation);
    var card = fromLog(invocation.workspace(), id);
    Answers.written(receipt, card.origin());
    return HttpResponse.ok(answer(card));
  }

  @Override
  public HttpResponse<Run> getRun(UUID run) {
    var card = cards.byId(invocations.current().workspace(), RunCard.class, run);
    return Answers.ok(answer(card), card.origin());
  }

  @Override
  public RunPage listRuns(
      @Nullable RunState state, @Nullable Integer limit, @Nullable String cursor) {
    var filter = new Cards.Filter(null, null, state == null ? null : state.getValue(), null, null);
    var page =
        cards.newest(invocations.current().workspace(), RunCard.class, filter, limit, cursor);
    return new RunPage(page.items().stream().map(RunsController::answer).toList())
        .next(page.next());
  }

  @Override
  public MetricPointPage listMetrics(
      UUID run, @Nullable String key, @Nullable Integer limit, @Nullable String cursor) {
    var workspace = invocations.current().workspace();
    var id = new RunId(run);
    requireKnown(id, false);
    var query = "metrics|" + run + "|" + key;
    int size = limit == null ? DEFAULT_LIMIT : limit;
    io.assay.registry.logmetrics.MetricPoint after = null;
    if (cursor != null) {
      var parts = cursors.key(workspace, query, cursor);
      after =
          new io.assay.registry.logmetrics.MetricPoint(
              parts.get(0),
              Double.parseDouble(parts.get(3)),
              Long.parseLong(parts.get(1)),
              Instant.parse(parts.get(2)));
    }
    var found = series.points(id, key, after, size + 1);
    var shown = found.stream().limit(size).toList();
    var page =
        new MetricPointPage(
            shown.stream()
                .map(
                    point ->
                        new MetricPoint(
                            point.key(), point.value(), point.step(), Answers.utc(point.at())))
                .toList());
    if (found.size() > size) {
      var last = shown.getLast();
      page.next(
          cursors.after(
              workspace,
              query,
              last.key(),
              Long.toString(last.step()),
              last.at().toString(),
              Double.toString(last.value())));
    }
    return page;
  }

  private void requireKnown(RunId run, boolean running) {
    switch (series.state(invocations.current().workspace(), run)) {
      case UNKNOWN -> throw new ProblemException(Rejection.notFound("such run"));
      case COMPLETED -> {
        if (running) {
          throw new ProblemException(
              Rejection.state("The run is completed, and its series are sealed."));
        }
      }
      case RUNNING -> {}
    }
  }

  private RunCard fromLog(String workspace, RunId id) {
    return cards.fromLog(
        workspace, RunCard.class, 0, Criterion.of(id.tag(), "RunStarted", "RunCompleted"));
  }

  private static Run answer(RunCard card) {
    var started = card.started();
    var code = started.code();
    var run =
        new Run(
                started.run().value(),
                Answers.shown(started.name()),
                RunKind.valueOf(started.kind().name()),
                RunState.fromValue(card.state()),
                started.inputs().stream().map(DatasetVersionId::value).toList(),
                Answers.utc(started.startedAt() == null ? card.origin().at() : started.startedAt()),
                Answers.utc(card.origin().at()),
                card.origin().by(),
                card.origin().position())
            .environment(started.environment())
            .parameters(started.parameters())
            .code(code == null ? null : new CodeReference(code.repository(), code.commit()));
    var completed = card.completed();
    if (completed != null) {
      var used = completed.resources();
      var cost = completed.cost();
      run.metrics(completed.metrics())
          .seriesDigest(completed.pointsDigest().hex())
          .seriesPoints(completed.points())
          .endedAt(Answers.utcOrNull(completed.endedAt()))
          .resources(
              used == null
                  ? null
                  : new ResourceUse()
                      .cpuSeconds(used.cpuSeconds())
                      .gpuSeconds(used.gpuSeconds())
                      .peakMemoryBytes(used.peakMemoryBytes())
                      .energyWattHours(used.energyWattHours()))
          .cost(cost == null ? null : new Cost(cost.amount().toPlainString(), cost.currency()));
    }
    return run;
  }
}
