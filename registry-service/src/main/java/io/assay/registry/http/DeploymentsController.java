package io.assay.registry.http;

import io.assay.contracts.DeploymentEvent;
import io.assay.contracts.DeploymentId;
import io.assay.contracts.Sha256;
import io.assay.contracts.VersionId;
import io.assay.eventlog.Criterion;
import io.assay.platform.identity.Invocations;
import io.assay.platform.messaging.Commands;
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
import io.assay.registry.registryview.Cards;
import io.assay.registry.requestdeployment.RequestDeployment;
import io.assay.registry.retiredeployment.RetireDeployment;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
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
    var id = new DeploymentId(UUID.randomUUID());
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
    Answers.requireMatch(ifMatch, fromLog(workspace, id).origin());
    var receipt =
        commands.<DeploymentId>send(new RetireDeployment(id, reason.getReason()), invocation);
    var card = fromLog(workspace, id);
    Answers.written(receipt, card.origin());
    return Answers.ok(answer(workspace, card), card.origin());
  }

  @Override
  public HttpResponse<Deployment> getDeployment(UUID deployment) {
    var workspace = invocations.current().workspace();
    var card = cards.byId(workspace, DeploymentCard.class, deployment);
    return Answers.ok(answer(workspace, card), card.origin());
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
    return new DeploymentPage(page.items().stream().map(card -> answer(workspace, card)).toList())
        .next(page.next());
  }

  private DeploymentCard fromLog(String workspace, DeploymentId id) {
    return cards.fromLog(
        workspace,
        DeploymentCard.class,
        0,
        Criterion.of(
            id.tag(),
            "DeploymentRequested",
            "DeploymentObserved",
            "DeploymentSuperseded",
            "DeploymentRetired",
            "DeploymentAssessed"));
  }

  private Deployment answer(String workspace, DeploymentCard card) {
    var requested = card.requested();
    return new Deployment(
            requested.deployment().value(),
            requested.model().value(),
            references.name(workspace, requested.model()),
            requested.version().value(),
            references.number(workspace, requested.version()),
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
