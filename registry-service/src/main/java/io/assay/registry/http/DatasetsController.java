package io.assay.registry.http;

import io.assay.contracts.DatasetEvent;
import io.assay.contracts.DatasetId;
import io.assay.contracts.DatasetVersionId;
import io.assay.contracts.Sha256;
import io.assay.eventlog.Criterion;
import io.assay.platform.http.NameTag;
import io.assay.platform.identity.Invocations;
import io.assay.platform.log.Ranks;
import io.assay.platform.messaging.Commands;
import io.assay.platform.messaging.Ids;
import io.assay.registry.api.DatasetsApi;
import io.assay.registry.api.model.Dataset;
import io.assay.registry.api.model.DatasetField;
import io.assay.registry.api.model.DatasetPage;
import io.assay.registry.api.model.DatasetSchema;
import io.assay.registry.api.model.DatasetVersion;
import io.assay.registry.api.model.DatasetVersionPage;
import io.assay.registry.api.model.NewDataset;
import io.assay.registry.api.model.NewDatasetVersion;
import io.assay.registry.api.model.ValidationReport;
import io.assay.registry.references.References;
import io.assay.registry.registerdataset.RegisterDataset;
import io.assay.registry.registerdatasetversion.RegisterDatasetVersion;
import io.assay.registry.registryview.Card.DatasetCard;
import io.assay.registry.registryview.Card.DatasetVersionCard;
import io.assay.registry.registryview.Cards;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Datasets and their versions. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class DatasetsController implements DatasetsApi {

  private final Commands commands;
  private final Invocations invocations;
  private final References references;
  private final Ranks ranks;
  private final NameTag names;
  private final Cards cards;

  DatasetsController(
      Commands commands,
      Invocations invocations,
      References references,
      Ranks ranks,
      NameTag names,
      Cards cards) {
    this.commands = commands;
    this.invocations = invocations;
    this.references = references;
    this.ranks = ranks;
    this.names = names;
    this.cards = cards;
  }

  @Override
  public HttpResponse<Dataset> registerDataset(NewDataset dataset) {
    var invocation = invocations.current();
    var workspace = invocation.workspace();
    var name = Answers.nfc(dataset.getName());
    var id = new DatasetId(Ids.next());
    var receipt =
        commands.<DatasetId>send(
            new RegisterDataset(
                id, name, dataset.getDescription(), names.of(workspace, "dataset", name)),
            invocation);
    var card =
        cards.fromLog(workspace, DatasetCard.class, 0, Criterion.of(id.tag(), "DatasetRegistered"));
    Answers.written(receipt, card.origin());
    return Answers.created(answer(card, null), "/api/v1/datasets/" + id.value());
  }

  @Override
  public HttpResponse<DatasetVersion> registerDatasetVersion(
      String dataset, NewDatasetVersion version) {
    var invocation = invocations.current();
    var workspace = invocation.workspace();
    var owner = references.dataset(workspace, dataset);
    var id = new DatasetVersionId(Ids.next());
    var report = version.getValidationReport();
    var receipt =
        commands.<DatasetVersionId>send(
            new RegisterDatasetVersion(
                id,
                owner,
                new Sha256(version.getDigest()),
                version.getSource(),
                version.getSchema().getFields().stream()
                    .map(field -> new DatasetEvent.Field(field.getName(), field.getType()))
                    .toList(),
                version.getRows(),
                version.getDescription(),
                report == null
                    ? null
                    : new DatasetEvent.ValidationReport(
                        report.getTool(),
                        report.getPassed(),
                        report.getChecks(),
                        report.getFailed()),
                names.of(workspace, "dataset-content", owner.value() + " " + version.getDigest())),
            invocation);
    int number = ranks.rank(workspace, owner.tag(), "DatasetVersionRegistered", receipt);
    var card =
        cards.begun(
            workspace,
            DatasetVersionCard.class,
            number,
            receipt,
            Criterion.of(id.tag(), "DatasetVersionRegistered"));
    Answers.written(receipt, card.origin());
    return Answers.created(
        answer(card, references.name(workspace, owner)),
        "/api/v1/datasets/" + owner.value() + "/versions/" + number);
  }

  @Override
  public HttpResponse<Dataset> getDataset(String dataset) {
    var card = cards.byIdOrName(invocations.current().workspace(), DatasetCard.class, dataset);
    return Answers.ok(shown(List.of(card)).getFirst(), card.origin());
  }

  @Override
  public DatasetVersion getDatasetVersion(String dataset, String version) {
    var workspace = invocations.current().workspace();
    var found =
        cards.version(workspace, DatasetVersionCard.class, DatasetCard.class, dataset, version);
    return answer(found.card(), found.owner());
  }

  @Override
  public DatasetPage listDatasets(@Nullable Integer limit, @Nullable String cursor) {
    var page =
        cards.byName(invocations.current().workspace(), DatasetCard.class, null, limit, cursor);
    return new DatasetPage(shown(page.items())).next(page.next());
  }

  @Override
  public DatasetVersionPage listDatasetVersions(
      String dataset, @Nullable Integer limit, @Nullable String cursor) {
    var workspace = invocations.current().workspace();
    var owner = cards.byIdOrName(workspace, DatasetCard.class, dataset).registered();
    var page = cards.versions(workspace, DatasetVersionCard.class, owner.dataset(), limit, cursor);
    return new DatasetVersionPage(
            page.items().stream().map(card -> answer(card, owner.name())).toList())
        .next(page.next());
  }

  private List<Dataset> shown(List<DatasetCard> datasets) {
    var latest = cards.latestVersions(datasets.stream().map(card -> card.registered().dataset()));
    return datasets.stream()
        .map(card -> answer(card, latest.get(card.registered().dataset().value())))
        .toList();
  }

  private static Dataset answer(DatasetCard card, @Nullable Integer latestVersion) {
    return new Dataset(
            card.registered().dataset().value(),
            Answers.shown(card.registered().name()),
            Answers.utc(card.origin().at()),
            card.origin().by(),
            card.origin().position())
        .description(card.registered().description())
        .latestVersion(latestVersion);
  }

  private static DatasetVersion answer(DatasetVersionCard card, @Nullable String datasetName) {
    var registered = card.registered();
    var report = registered.validation();
    var fields = registered.schema() == null ? List.<DatasetEvent.Field>of() : registered.schema();
    return new DatasetVersion(
            registered.datasetVersion().value(),
            registered.dataset().value(),
            Answers.shown(datasetName),
            card.number(),
            registered.digest().hex(),
            Answers.shown(registered.source()),
            new DatasetSchema(
                fields.stream()
                    .map(field -> new DatasetField(field.name(), field.type()))
                    .toList()),
            Answers.utc(card.origin().at()),
            card.origin().by(),
            card.origin().position())
        .rows(registered.rows())
        .description(registered.description())
        .validationReport(
            report == null
                ? null
                : new ValidationReport(
                    report.tool(), report.passed(), report.checks(), report.failed()));
  }
}
