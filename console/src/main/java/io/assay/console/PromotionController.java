package io.assay.console;

import io.assay.client.Caller;
import io.assay.client.policy.ApprovalRequestsApi;
import io.assay.client.policy.model.ApprovalMeaning;
import io.assay.client.policy.model.ApprovalRequest;
import io.assay.client.policy.model.NewApproval;
import io.assay.client.policy.model.NewRejection;
import io.assay.client.registry.PromotionsApi;
import io.assay.client.registry.model.Promotion;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A promotion with its conditions, and the form to approve or reject it. */
@Controller("/console/promotions")
@Secured(Pages.ANYBODY)
@ExecuteOn(TaskExecutors.BLOCKING)
class PromotionController {

  /** Who is shown the form; the policy service decides who may answer. */
  private static final Set<String> APPROVERS =
      Set.of("model-validator", "risk-officer", "compliance-officer");

  private final Pages pages;
  private final Visit visit;

  PromotionController(Pages pages, Visit visit) {
    this.pages = pages;
    this.visit = visit;
  }

  @Get("/{promotion}")
  HttpResponse<String> promotion(
      HttpRequest<?> request,
      @PathVariable UUID promotion,
      @QueryValue(ToSignIn.PROVED) @Nullable String proved) {
    var session = visit.session(request);
    var caller = visit.caller(session);
    var found = promotion(caller, promotion);
    return pages.show(
        "promotion",
        Map.of(
            "shell",
            Shell.of(
                "%s v%d to %s"
                    .formatted(
                        found.getModelName(), found.getVersionNumber(), found.getEnvironment()),
                Shell.Tab.OVERVIEW,
                session),
            "promotion",
            found,
            "request",
            Visit.part(() -> approvalRequest(caller, found)),
            "answers",
            session.mayBe(APPROVERS),
            "proved",
            proved != null));
  }

  /**
   * Approves or rejects, bound to the digests that the page showed: where the content or the policy
   * is another by now, the policy service refuses.
   */
  @Post("/{promotion}/answer")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  HttpResponse<?> answer(
      HttpRequest<?> request, @PathVariable UUID promotion, @Body Map<String, String> form) {
    var session = visit.session(request, form.get("form"));
    var requests = visit.caller(session).client(ApprovalRequestsApi.class);
    var approvalRequest = UUID.fromString(form.getOrDefault("request", ""));
    var content = form.getOrDefault("content", "");
    var policy = form.getOrDefault("policy", "");
    var comment = comment(form);
    if (form.getOrDefault("answer", "").equals("approve")) {
      var approval = new NewApproval(content, policy, meaning(form));
      if (comment != null) {
        approval.comment(comment);
      }
      requests.approve(approvalRequest, approval, null);
    } else {
      requests.reject(
          approvalRequest,
          new NewRejection(content, policy, comment == null ? "Rejected" : comment),
          null);
    }
    return HttpResponse.seeOther(URI.create("/console/promotions/" + promotion));
  }

  private static Promotion promotion(Caller caller, UUID promotion) {
    return Objects.requireNonNull(
        caller.client(PromotionsApi.class).getPromotion(promotion, null).body());
  }

  private static List<ApprovalRequest> approvalRequest(Caller caller, Promotion promotion) {
    var link = promotion.getApprovalRequest();
    return link == null
        ? List.of()
        : List.of(
            Objects.requireNonNull(
                caller
                    .client(ApprovalRequestsApi.class)
                    .getApprovalRequest(link.getId(), null)
                    .body()));
  }

  private static ApprovalMeaning meaning(Map<String, String> form) {
    return switch (form.getOrDefault("meaning", "").toLowerCase(Locale.ROOT)) {
      case "review" -> ApprovalMeaning.REVIEW;
      case "responsibility" -> ApprovalMeaning.RESPONSIBILITY;
      default -> ApprovalMeaning.APPROVAL;
    };
  }

  private static @Nullable String comment(Map<String, String> form) {
    var comment = form.getOrDefault("comment", "").strip();
    return comment.isEmpty() ? null : comment;
  }
}
