package io.assay.registry.http;

import io.assay.contracts.DeploymentEvent;
import io.assay.contracts.DeploymentId;
import io.assay.contracts.Sha256;
import io.assay.contracts.VersionId;
import io.assay.eventlog.Criterion;
import io.assay.platform.identity.Invocations;
import io.assay.platform.messaging.Commands;
import io.assay.platform.messaging.Ids;
import io.assay.registry.api.DeploymentsApi;
import io.assay.registry.api.model.Deployment;
import io.assay.registry.api.model.DeploymentObservation;
import io.assay.registry.api.model.DeploymentPage;
import io.assay.registry.api.model.DeploymentState;
import io.assay.registry.api.model.DeploymentStrategy;
import io.assay.registry.api.model.NewDeployment;
import io.assay.registry.api.model.PolicyStanding;
import io.assay.registry.api.model.Reason;
import io.assay.registry.observedeployment.ObserveDeployment;
import io.assay.registry.references.References;
import io.assay.registry.registryview.Card;
import io.assay.registry.registryview.Card.DeploymentCard;
import io.assay.registry.registryview.Card.ModelCard;
import io.assay.registry.registryview.Card.VersionCard;
import io.assay.registry.registryview.Cards;
import io.assay.registry.requestdeployment.RequestDeployment;
import io.assay.registry.retiredeployment.RetireDeployment;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Deployments. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class DeploymentsController implements DeploymentsApi {

  private final Commands commands;
  private final Invocations invocations;
  private final References references;
  private final Cards cards;

  DeploymentsController(
      Commands commands, Invocations invocations, References references, Cards cards) {
    this.commands = commands;
    this.invocations = invocations;
    this.references = references;
    this.cards = cards;
  }

  @Override
  public HttpResponse<Deployment> requestDeployment(NewDeployment deployment) {
    var invocation = invocations.current();
    var workspace = invocation.workspace();
    var id = new DeploymentId(Ids.next());
    var receipt =
        commands.<DeploymentId>send(
            new RequestDeployment(
                id,
                new VersionId(deployment.getVersion()),
                deployment.getEnvironment(),
                DeploymentEvent.Strategy.valueOf(deployment.getStrategy().name()),
                deployment.getTarget()),
            invocation);
    var card = fromLog(workspace, id);
    Answers.written(receipt, card.origin());
    return Answers.created(answer(workspace, card), "/api/v1/deployments/" + id.value());
  }

  @Override
  public HttpResponse<Deployment> observeDeployment(
      UUID deployment, DeploymentObservation observation) {
    var invocation = invocations.current();
    var workspace = invocation.workspace();
    var id = new DeploymentId(deployment);
    var requested = fromLog(workspace, id).requested();
    var receipt =
        commands.<DeploymentId>send(
            new ObserveDeployment(
                id,
                requested.version(),
                requested.model(),
                observation.getManifestDigest() == null
                    ? null
                    : new Sha256(observation.getManifestDigest()),
                Answers.instant(observation.getObservedAt(), invocation.now()),
                observation.getComment()),
            invocation);
    var card = fromLog(workspace, id);
    Answers.written(receipt, card.origin());
    return Answers.ok(answer(workspace, card), card.origin());
  }

  @Override
  public HttpResponse<Deployment> retireDeployment(
      UUID deployment, Reason reason, @Nullable String ifMatch) {
    var invocation = invocations.current();
    var workspace = invocation.workspace();
    var id = new DeploymentId(deployment);
    var seen = Answers.seen(ifMatch, fromLog(workspace, id).origin(), workspace, changes(id));
    var receipt =
        commands.<DeploymentId>send(new RetireDeployment(id, reason.getReason()), invocation, seen);
    var card = fromLog(workspace, id);
    Answers.written(receipt, card.origin());
    return Answers.ok(answer(workspace, card), card.origin());
  }

  @Override
  public HttpResponse<Deployment> getDeployment(UUID deployment) {
    var workspace = invocations.current().workspace();
    var card = cards.byId(workspace, DeploymentCard.class, deployment);
    return Answers.ok(shown(workspace, List.of(card)).getFirst(), card.origin());
  }

  @Override
  public DeploymentPage listDeployments(
      @Nullable DeploymentState state,
      @Nullable String environment,
      @Nullable String model,
      @Nullable PolicyStanding policyStanding,
      @Nullable Integer limit,
      @Nullable String cursor) {
    var workspace = invocations.current().workspace();
    var of =
        model == null
            ? null
            : cards.byIdOrName(workspace, ModelCard.class, model).registered().model().value();
    var filter =
        new Cards.Filter(
            null,
            of,
            state == null ? null : state.getValue(),
            environment,
            policyStanding == null ? null : policyStanding.getValue());
    var page = cards.newest(workspace, DeploymentCard.class, filter, limit, cursor);
    return new DeploymentPage(shown(workspace, page.items())).next(page.next());
  }

  private DeploymentCard fromLog(String workspace, DeploymentId id) {
    return cards.fromLog(workspace, DeploymentCard.class, 0, changes(id));
  }

  private static Criterion changes(DeploymentId id) {
    return Criterion.of(
        id.tag(),
        "DeploymentRequested",
        "DeploymentObserved",
        "DeploymentSuperseded",
        "DeploymentRetired",
        "DeploymentAssessed");
  }

  /** As the view has it, with the names and numbers of what it refers to. */
  private List<Deployment> shown(String workspace, List<DeploymentCard> found) {
    var models =
        cards.referredTo(
            workspace, ModelCard.class, found.stream().map(card -> card.requested().model()));
    var versions =
        cards.referredTo(
            workspace, VersionCard.class, found.stream().map(card -> card.requested().version()));
    return found.stream()
        .map(
            card ->
                answer(
                    card,
                    Objects.requireNonNull(models.get(card.requested().model().value()))
                        .registered()
                        .name(),
                    Objects.requireNonNull(versions.get(card.requested().version().value()))
                        .number()))
        .toList();
  }

  /** As the log has it. */
  private Deployment answer(String workspace, DeploymentCard card) {
    var requested = card.requested();
    return answer(
        card,
        references.name(workspace, requested.model()),
        references.number(workspace, requested.version()));
  }

  private static Deployment answer(
      DeploymentCard card, @Nullable String modelName, int versionNumber) {
    var requested = card.requested();
    return new Deployment(
            requested.deployment().value(),
            requested.model().value(),
            Answers.shown(modelName),
            requested.version().value(),
            versionNumber,
            requested.environment(),
            DeploymentStrategy.fromValue(Card.spelled(requested.strategy())),
            Answers.shown(requested.target()),
            DeploymentState.fromValue(Card.spelled(card.state())),
            requested.promotion().value(),
            PolicyStanding.fromValue(card.spelledStanding()),
            Conditions.of(card.conditions()),
            Answers.utc(card.origin().at()),
            card.origin().by(),
            card.origin().position())
        .observedAt(Answers.utcOrNull(card.observedAt()))
        .retiredAt(Answers.utcOrNull(card.retiredAt()));
  }
}
