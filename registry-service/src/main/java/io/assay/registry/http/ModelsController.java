package io.assay.registry.http;

import io.assay.contracts.ModelEvent;
import io.assay.contracts.ModelId;
import io.assay.eventlog.Criterion;
import io.assay.platform.http.NameTag;
import io.assay.platform.identity.Invocations;
import io.assay.platform.log.Ranks;
import io.assay.platform.messaging.Commands;
import io.assay.platform.messaging.Ids;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.assay.registry.api.ModelsApi;
import io.assay.registry.api.model.Model;
import io.assay.registry.api.model.ModelKind;
import io.assay.registry.api.model.ModelPage;
import io.assay.registry.api.model.ModelState;
import io.assay.registry.api.model.NewModel;
import io.assay.registry.api.model.Reason;
import io.assay.registry.api.model.RiskTier;
import io.assay.registry.archivemodel.ArchiveModel;
import io.assay.registry.references.References;
import io.assay.registry.registermodel.RegisterModel;
import io.assay.registry.registryview.Card.ModelCard;
import io.assay.registry.registryview.Card.SystemCard;
import io.assay.registry.registryview.Cards;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Models. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class ModelsController implements ModelsApi {

  private final Commands commands;
  private final Invocations invocations;
  private final References references;
  private final Ranks ranks;
  private final NameTag names;
  private final Cards cards;

  ModelsController(
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
  public HttpResponse<Model> registerModel(NewModel model) {
    var invocation = invocations.current();
    var workspace = invocation.workspace();
    var name = Answers.nfc(model.getName());
    var id = new ModelId(Ids.next());
    var system =
        references
            .system(workspace, model.getSystem())
            .orElseThrow(
                () ->
                    new ProblemException(
                        Rejection.unknownReference(
                            "/system", "There is no such AI system. Register it first.")));
    var receipt =
        commands.<ModelId>send(
            new RegisterModel(
                id,
                system,
                ModelEvent.Kind.valueOf(model.getKind().name()),
                io.assay.contracts.RiskTier.valueOf(model.getRiskTier().name()),
                name,
                model.getDescription(),
                names.of(workspace, "model", name)),
            invocation);
    var card = fromLog(workspace, id);
    Answers.written(receipt, card.origin());
    return Answers.created(written(workspace, card), "/api/v1/models/" + id.value());
  }

  @Override
  public HttpResponse<Model> archiveModel(String model, Reason reason, @Nullable String ifMatch) {
    var invocation = invocations.current();
    var workspace = invocation.workspace();
    var id = references.model(workspace, model);
    var seen = Answers.seen(ifMatch, fromLog(workspace, id).origin(), workspace, changes(id));
    var receipt =
        commands.<ModelId>send(new ArchiveModel(id, reason.getReason()), invocation, seen);
    var card = fromLog(workspace, id);
    Answers.written(receipt, card.origin());
    return Answers.ok(written(workspace, card), card.origin());
  }

  @Override
  public HttpResponse<Model> getModel(String model) {
    var workspace = invocations.current().workspace();
    var card = cards.byIdOrName(workspace, ModelCard.class, model);
    return Answers.ok(shown(workspace, List.of(card)).getFirst(), card.origin());
  }

  @Override
  public ModelPage listModels(
      @Nullable String system, @Nullable Integer limit, @Nullable String cursor) {
    var workspace = invocations.current().workspace();
    var parent =
        system == null
            ? null
            : cards.byIdOrName(workspace, SystemCard.class, system).registered().system();
    var page = cards.byName(workspace, ModelCard.class, parent, limit, cursor);
    return new ModelPage(shown(workspace, page.items())).next(page.next());
  }

  private List<Model> shown(String workspace, List<ModelCard> models) {
    var systems =
        cards.referredTo(
            workspace, SystemCard.class, models.stream().map(card -> card.registered().system()));
    var latest = cards.latestVersions(models.stream().map(card -> card.registered().model()));
    return models.stream()
        .map(
            card ->
                answer(
                    card,
                    Objects.requireNonNull(systems.get(card.registered().system().value()))
                        .registered()
                        .name(),
                    latest.get(card.registered().model().value())))
        .toList();
  }

  private ModelCard fromLog(String workspace, ModelId id) {
    return cards.fromLog(workspace, ModelCard.class, 0, changes(id));
  }

  private Model written(String workspace, ModelCard card) {
    var registered = card.registered();
    int versions = ranks.count(workspace, registered.model().tag(), "ModelVersionRegistered");
    return answer(
        card, references.name(workspace, registered.system()), versions == 0 ? null : versions);
  }

  private static Criterion changes(ModelId id) {
    return Criterion.of(id.tag(), "ModelRegistered", "ModelArchived");
  }

  private static Model answer(
      ModelCard card, @Nullable String systemName, @Nullable Integer latestVersion) {
    var registered = card.registered();
    return new Model(
            registered.model().value(),
            Answers.shown(registered.name()),
            registered.system().value(),
            Answers.shown(systemName),
            ModelKind.valueOf(registered.kind().name()),
            RiskTier.valueOf(registered.riskTier().name()),
            card.archived() ? ModelState.ARCHIVED : ModelState.ACTIVE,
            Answers.utc(card.origin().at()),
            card.origin().by(),
            card.origin().position())
        .description(registered.description())
        .latestVersion(latestVersion);
  }
}
