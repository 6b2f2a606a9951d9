package io.assay.registry.http;

import io.assay.contracts.ContentDigest;
import io.assay.contracts.RunId;
import io.assay.contracts.Sha256;
import io.assay.contracts.VersionEvent;
import io.assay.contracts.VersionId;
import io.assay.eventlog.Criterion;
import io.assay.platform.http.NameTag;
import io.assay.platform.identity.Invocations;
import io.assay.platform.log.Ranks;
import io.assay.platform.messaging.Commands;
import io.assay.platform.messaging.Ids;
import io.assay.registry.api.ModelVersionsApi;
import io.assay.registry.api.model.ModelVersion;
import io.assay.registry.api.model.ModelVersionPage;
import io.assay.registry.api.model.NewModelVersion;
import io.assay.registry.api.model.Reason;
import io.assay.registry.api.model.StoredArtifact;
import io.assay.registry.api.model.VersionState;
import io.assay.registry.quarantinemodelversion.QuarantineModelVersion;
import io.assay.registry.references.References;
import io.assay.registry.registermodelversion.RegisterModelVersion;
import io.assay.registry.registryview.Card;
import io.assay.registry.registryview.Card.ModelCard;
import io.assay.registry.registryview.Card.VersionCard;
import io.assay.registry.registryview.Cards;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Versions of models. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class ModelVersionsController implements ModelVersionsApi {

  private final Commands commands;
  private final Invocations invocations;
  private final References references;
  private final Ranks ranks;
  private final NameTag names;
  private final Cards cards;

  ModelVersionsController(
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
  public HttpResponse<ModelVersion> registerModelVersion(String model, NewModelVersion version) {
    var invocation = invocations.current();
    var workspace = invocation.workspace();
    var owner = references.model(workspace, model);
    var id = new VersionId(Ids.next());
    var artifacts =
        version.getArtifacts().stream()
            .map(
                artifact ->
                    new VersionEvent.Artifact(
                        Answers.nfc(artifact.getPath()),
                        new Sha256(artifact.getDigest()),
                        artifact.getSize(),
                        artifact.getMediaType() == null
                            ? MediaType.APPLICATION_OCTET_STREAM
                            : artifact.getMediaType()))
            .toList();
    var manifest = ContentDigest.ofManifest(artifacts);
    var receipt =
        commands.<VersionId>send(
            new RegisterModelVersion(
                id,
                owner,
                version.getRun() == null ? null : new RunId(version.getRun()),
                artifacts,
                manifest,
                version.getDescription(),
                names.of(workspace, "model-content", owner.value() + " " + manifest)),
            invocation);
    int number = ranks.rank(workspace, owner.tag(), "ModelVersionRegistered", receipt);
    var card = cards.begun(workspace, VersionCard.class, number, receipt, changes(id));
    Answers.written(receipt, card.origin());
    return Answers.created(
        answer(card, references.name(workspace, owner)),
        "/api/v1/models/" + owner.value() + "/versions/" + card.number());
  }

  @Override
  public HttpResponse<ModelVersion> quarantineModelVersion(
      String model, String version, Reason reason, @Nullable String ifMatch) {
    var invocation = invocations.current();
    var workspace = invocation.workspace();
    var id = references.version(workspace, model, version).version();
    var seen = Answers.seen(ifMatch, fromLog(workspace, id).origin(), workspace, changes(id));
    var receipt =
        commands.<VersionId>send(
            new QuarantineModelVersion(id, reason.getReason()), invocation, seen);
    var card = fromLog(workspace, id);
    Answers.written(receipt, card.origin());
    return Answers.ok(
        answer(card, references.name(workspace, card.registered().model())), card.origin());
  }

  @Override
  public HttpResponse<ModelVersion> getModelVersion(String model, String version) {
    var workspace = invocations.current().workspace();
    var found = cards.version(workspace, VersionCard.class, ModelCard.class, model, version);
    return Answers.ok(answer(found.card(), found.owner()), found.card().origin());
  }

  @Override
  public ModelVersionPage listModelVersions(
      String model, @Nullable Integer limit, @Nullable String cursor) {
    var workspace = invocations.current().workspace();
    var owner = cards.byIdOrName(workspace, ModelCard.class, model).registered();
    var page = cards.versions(workspace, VersionCard.class, owner.model(), limit, cursor);
    return new ModelVersionPage(
            page.items().stream().map(card -> answer(card, owner.name())).toList())
        .next(page.next());
  }

  private VersionCard fromLog(String workspace, VersionId id) {
    return cards.fromLog(
        workspace, VersionCard.class, references.number(workspace, id), changes(id));
  }

  private static Criterion changes(VersionId id) {
    return Criterion.of(
        id.tag(),
        "ModelVersionRegistered",
        "ArtifactStored",
        "ModelVersionQuarantined",
        "ModelVersionArchived",
        "ModelVersionPromoted",
        "PromotionRevoked");
  }

  private static ModelVersion answer(VersionCard card, @Nullable String modelName) {
    var registered = card.registered();
    return new ModelVersion(
            registered.version().value(),
            registered.model().value(),
            Answers.shown(modelName),
            card.number(),
            VersionState.fromValue(Card.spelled(card.state())),
            registered.manifestDigest().hex(),
            registered.artifacts().stream()
                .map(
                    artifact ->
                        new StoredArtifact(
                                artifact.path(),
                                artifact.digest().hex(),
                                artifact.size(),
                                card.stored().contains(artifact.path()))
                            .mediaType(artifact.mediaType()))
                .toList(),
            List.copyOf(card.permitted().keySet()),
            Answers.utc(card.origin().at()),
            card.origin().by(),
            card.origin().position())
        .run(registered.run() == null ? null : registered.run().value())
        .description(registered.description());
  }
}
