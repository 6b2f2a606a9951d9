package io.assay.registry.http;

import io.assay.contracts.PromotionId;
import io.assay.eventlog.Criterion;
import io.assay.platform.http.Positions;
import io.assay.platform.identity.Invocations;
import io.assay.platform.messaging.Commands;
import io.assay.platform.messaging.Ids;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.assay.registry.api.PromotionsApi;
import io.assay.registry.api.model.NewPromotion;
import io.assay.registry.api.model.Promotion;
import io.assay.registry.api.model.PromotionPage;
import io.assay.registry.api.model.PromotionState;
import io.assay.registry.api.model.Reason;
import io.assay.registry.api.model.ResourceLink;
import io.assay.registry.references.References;
import io.assay.registry.registryview.Card;
import io.assay.registry.registryview.Card.ModelCard;
import io.assay.registry.registryview.Card.PromotionCard;
import io.assay.registry.registryview.Card.VersionCard;
import io.assay.registry.registryview.Cards;
import io.assay.registry.requestpromotion.PromotionProtocol;
import io.assay.registry.requestpromotion.PromotionProtocol.Ending;
import io.assay.registry.withdrawpromotion.WithdrawPromotion;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.context.ServerRequestContext;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Promotions. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class PromotionsController implements PromotionsApi {

  private final Commands commands;
  private final Invocations invocations;
  private final References references;
  private final PromotionProtocol protocol;
  private final Cards cards;

  PromotionsController(
      Commands commands,
      Invocations invocations,
      References references,
      PromotionProtocol protocol,
      Cards cards) {
    this.commands = commands;
    this.invocations = invocations;
    this.references = references;
    this.protocol = protocol;
    this.cards = cards;
  }

  @Override
  public HttpResponse<Promotion> requestPromotion(
      String model, String version, NewPromotion promotion) {
    var invocation = invocations.current();
    var workspace = invocation.workspace();
    var ending =
        protocol.request(
            new PromotionId(Ids.next()),
            references.version(workspace, model, version),
            promotion.getEnvironment(),
            promotion.getComment(),
            invocation,
            authorization());
    return switch (ending) {
      case Ending.Permitted permitted -> {
        Positions.written(permitted.position());
        yield Answers.created(
            answer(workspace, fromLog(workspace, permitted.promotion())),
            path(permitted.promotion()));
      }
      case Ending.Pending pending -> {
        var card = fromLog(workspace, pending.promotion());
        Positions.written(card.origin().changed());
        yield HttpResponse.accepted(URI.create(path(pending.promotion())))
            .body(answer(workspace, card));
      }
      case Ending.Refused(var decision) -> {
        Positions.written(fromLog(workspace, decision.promotion()).origin().changed());
        throw new ProblemException(
            Rejection.policyRefused(
                "The policy in force does not permit this version in %s; conditions says why."
                    .formatted(decision.environment()),
                Conditions.of(decision),
                decision.decision().value(),
                decision.promotion().value()));
      }
    };
  }

  @Override
  public HttpResponse<Promotion> withdrawPromotion(
      UUID promotion, Reason reason, @Nullable String ifMatch) {
    var invocation = invocations.current();
    var workspace = invocation.workspace();
    var id = new PromotionId(promotion);
    var seen = Answers.seen(ifMatch, fromLog(workspace, id).origin(), workspace, changes(id));
    var receipt =
        commands.<PromotionId>send(new WithdrawPromotion(id, reason.getReason()), invocation, seen);
    var card = fromLog(workspace, id);
    Answers.written(receipt, card.origin());
    return Answers.ok(answer(workspace, card), card.origin());
  }

  @Override
  public HttpResponse<Promotion> getPromotion(UUID promotion) {
    var workspace = invocations.current().workspace();
    var card = cards.byId(workspace, PromotionCard.class, promotion);
    return Answers.ok(shown(workspace, List.of(card)).getFirst(), card.origin());
  }

  @Override
  public PromotionPage listPromotions(
      @Nullable PromotionState state,
      @Nullable String environment,
      @Nullable String model,
      @Nullable Integer limit,
      @Nullable String cursor) {
    var workspace = invocations.current().workspace();
    var of =
        model == null
            ? null
            : cards.byIdOrName(workspace, ModelCard.class, model).registered().model().value();
    return page(
        workspace,
        new Cards.Filter(null, of, state == null ? null : state.getValue(), environment, null),
        limit,
        cursor);
  }

  @Override
  public PromotionPage listPromotionsOfVersion(
      String model, String version, @Nullable Integer limit, @Nullable String cursor) {
    var workspace = invocations.current().workspace();
    var found = cards.version(workspace, VersionCard.class, ModelCard.class, model, version);
    var of = found.card().registered().version();
    return page(workspace, Cards.Filter.under(of), limit, cursor);
  }

  private PromotionPage page(
      String workspace, Cards.Filter filter, @Nullable Integer limit, @Nullable String cursor) {
    var page = cards.newest(workspace, PromotionCard.class, filter, limit, cursor);
    return new PromotionPage(shown(workspace, page.items())).next(page.next());
  }

  private PromotionCard fromLog(String workspace, PromotionId id) {
    return cards.fromLog(workspace, PromotionCard.class, 0, changes(id));
  }

  private static Criterion changes(PromotionId id) {
    return Criterion.of(
        id.tag(),
        "PromotionRequested",
        "PromotionDecided",
        "ApprovalRequested",
        "ModelVersionPromoted",
        "PromotionWithdrawn",
        "PromotionExpired",
        "PromotionRevoked");
  }

  /** As the view has it, with the names and numbers of what it refers to. */
  private List<Promotion> shown(String workspace, List<PromotionCard> found) {
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
  private Promotion answer(String workspace, PromotionCard card) {
    var requested = card.requested();
    return answer(
        card,
        references.name(workspace, requested.model()),
        references.number(workspace, requested.version()));
  }

  private static Promotion answer(
      PromotionCard card, @Nullable String modelName, int versionNumber) {
    var requested = card.requested();
    var decision = card.decision();
    var approval = card.approvalRequest();
    return new Promotion(
            requested.promotion().value(),
            requested.model().value(),
            Answers.shown(modelName),
            requested.version().value(),
            versionNumber,
            requested.environment(),
            PromotionState.fromValue(Card.spelled(card.state())),
            requested.contentDigest().hex(),
            decision == null ? List.of() : Conditions.of(decision),
            Answers.utc(card.origin().at()),
            card.origin().by(),
            card.origin().position())
        .comment(requested.comment())
        .decision(decision == null ? null : decision.decision().value())
        .decidedAt(Answers.utcOrNull(card.decidedAt()))
        .approvalRequest(
            approval == null
                ? null
                : new ResourceLink(
                    approval.value(), "/api/v1/approval-requests/" + approval.value()));
  }

  private static String path(PromotionId promotion) {
    return "/api/v1/promotions/" + promotion.value();
  }

  private static @Nullable String authorization() {
    return ServerRequestContext.currentRequest()
        .map(request -> request.getHeaders().get(HttpHeaders.AUTHORIZATION))
        .orElse(null);
  }
}
