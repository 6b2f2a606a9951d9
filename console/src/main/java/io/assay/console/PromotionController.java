package io.assay.console;

import io.assay.client.Caller;
import io.assay.client.ProblemResponse;
import io.assay.client.policy.ApprovalRequestsApi;
import io.assay.client.policy.model.ApprovalMeaning;
import io.assay.client.policy.model.ApprovalRequest;
import io.assay.client.policy.model.NewApproval;
import io.assay.client.policy.model.NewRejection;
import io.assay.client.registry.PromotionsApi;
import io.assay.client.registry.model.Promotion;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.uri.UriBuilder;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
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

  /** The header that says where a write stands. */
  private static final String POSITION = "Assay-Position";

  /** The position of what its reader has just written, which the page waits for. */
  private static final String WRITTEN = "written";

  private final Pages pages;
  private final Visit visit;
  private final ToSignIn toSignIn;

  PromotionController(Pages pages, Visit visit, ToSignIn toSignIn) {
    this.pages = pages;
    this.visit = visit;
    this.toSignIn = toSignIn;
  }

  @Get("/{promotion}")
  HttpResponse<String> promotion(
      HttpRequest<?> request,
      @PathVariable UUID promotion,
      @QueryValue(WRITTEN) @Nullable Long written,
      @QueryValue(ToSignIn.PROVED) @Nullable String proved) {
    var session = visit.session(request);
    var caller = visit.caller(session);
    var found = promotion(caller, promotion, written);
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
            Visit.part(() -> approvalRequest(caller, found, written)),
            "answers",
            session.mayBe(APPROVERS),
            "proved",
            proved != null,
            "draft",
            Draft.of(request, session)));
  }

  /**
   * Approves or rejects, bound to the digests that the page showed: where the content or the policy
   * is another by now, the policy service refuses. Who has to prove himself first finds the form as
   * he left it.
   */
  @Post("/{promotion}/answer")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  HttpResponse<?> answer(
      HttpRequest<?> request, @PathVariable UUID promotion, @Body Map<String, String> form) {
    var session = visit.session(request, form.get("form"));
    var requests = visit.caller(session).client(ApprovalRequestsApi.class);
    HttpResponse<?> answered;
    try {
      answered = answer(requests, form);
    } catch (ProblemResponse e) {
      if (e.status() != HttpStatus.UNAUTHORIZED.getCode()) {
        throw e;
      }
      var led = toSignIn.from(request, e.challenge());
      new Draft(form.getOrDefault("meaning", ""), form.getOrDefault("comment", ""))
          .cookie(promotion, session, request.isSecure())
          .ifPresent(led::cookie);
      return led;
    }
    var page = UriBuilder.of("/console/promotions/" + promotion);
    answered.getHeaders().findFirst(POSITION).ifPresent(it -> page.queryParam(WRITTEN, it));
    return HttpResponse.seeOther(page.build()).cookie(Draft.ended(promotion, request.isSecure()));
  }

  private static HttpResponse<?> answer(ApprovalRequestsApi requests, Map<String, String> form) {
    var approvalRequest = UUID.fromString(form.getOrDefault("request", ""));
    var content = form.getOrDefault("content", "");
    var policy = form.getOrDefault("policy", "");
    var comment = comment(form);
    if (!form.getOrDefault("answer", "").equals("approve")) {
      return requests.reject(
          approvalRequest,
          new NewRejection(content, policy, comment == null ? "Rejected" : comment),
          null);
    }
    var approval = new NewApproval(content, policy, meaning(form));
    if (comment != null) {
      approval.comment(comment);
    }
    return requests.approve(approvalRequest, approval, null);
  }

  private static Promotion promotion(Caller caller, UUID promotion, @Nullable Long written) {
    return Objects.requireNonNull(
        caller.client(PromotionsApi.class).getPromotion(promotion, written).body());
  }

  private static List<ApprovalRequest> approvalRequest(
      Caller caller, Promotion promotion, @Nullable Long written) {
    var link = promotion.getApprovalRequest();
    return link == null
        ? List.of()
        : List.of(
            Objects.requireNonNull(
                caller
                    .client(ApprovalRequestsApi.class)
                    .getApprovalRequest(link.getId(), written)
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
