package io.assay.registry.http;

import io.assay.contracts.SystemId;
import io.assay.eventlog.Criterion;
import io.assay.platform.http.NameTag;
import io.assay.platform.identity.Invocations;
import io.assay.platform.messaging.Commands;
import io.assay.platform.messaging.Ids;
import io.assay.registry.api.SystemsApi;
import io.assay.registry.api.model.AiActClass;
import io.assay.registry.api.model.AiSystem;
import io.assay.registry.api.model.AiSystemPage;
import io.assay.registry.api.model.NewAiSystem;
import io.assay.registry.api.model.RiskTier;
import io.assay.registry.registersystem.RegisterSystem;
import io.assay.registry.registryview.Card.SystemCard;
import io.assay.registry.registryview.Cards;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import org.jspecify.annotations.Nullable;

/** AI systems. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class SystemsController implements SystemsApi {

  private final Commands commands;
  private final Invocations invocations;
  private final NameTag names;
  private final Cards cards;

  SystemsController(Commands commands, Invocations invocations, NameTag names, Cards cards) {
    this.commands = commands;
    this.invocations = invocations;
    this.names = names;
    this.cards = cards;
  }

  @Override
  public HttpResponse<AiSystem> registerSystem(NewAiSystem system) {
    var invocation = invocations.current();
    var workspace = invocation.workspace();
    var name = Answers.nfc(system.getName());
    var id = new SystemId(Ids.next());
    var receipt =
        commands.<SystemId>send(
            new RegisterSystem(
                id,
                name,
                system.getPurpose(),
                system.getOwner(),
                io.assay.contracts.RiskTier.valueOf(system.getRiskTier().name()),
                system.getAiActClass() == null ? null : system.getAiActClass().getValue(),
                names.of(workspace, "system", name)),
            invocation);
    var card =
        cards.fromLog(workspace, SystemCard.class, 0, Criterion.of(id.tag(), "SystemRegistered"));
    Answers.written(receipt, card.origin());
    return Answers.created(answer(card), "/api/v1/systems/" + id.value());
  }

  @Override
  public HttpResponse<AiSystem> getSystem(String system) {
    var card = cards.byIdOrName(invocations.current().workspace(), SystemCard.class, system);
    return Answers.ok(answer(card), card.origin());
  }

  @Override
  public AiSystemPage listSystems(@Nullable Integer limit, @Nullable String cursor) {
    var page =
        cards.byName(invocations.current().workspace(), SystemCard.class, null, limit, cursor);
    return new AiSystemPage(page.items().stream().map(SystemsController::answer).toList())
        .next(page.next());
  }

  private static AiSystem answer(SystemCard card) {
    var registered = card.registered();
    return new AiSystem(
            registered.system().value(),
            Answers.shown(registered.name()),
            Answers.shown(registered.purpose()),
            Answers.shown(registered.owner()),
            RiskTier.valueOf(registered.riskTier().name()),
            Answers.utc(card.origin().at()),
            card.origin().by(),
            card.origin().position())
        .aiActClass(
            registered.aiActClass() == null ? null : AiActClass.fromValue(registered.aiActClass()));
  }
}
