package io.assay.policy.testing;

import io.assay.contracts.ApprovalEvent.ApprovalGiven;
import io.assay.contracts.ApprovalEvent.ApprovalRejected;
import io.assay.contracts.ApprovalEvent.ApprovalRequestApproved;
import io.assay.contracts.ApprovalEvent.ApprovalRequestExpired;
import io.assay.contracts.ApprovalEvent.ApprovalRequestStaled;
import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.ApprovalRequestId;
import io.assay.contracts.ContentDigest;
import io.assay.contracts.PolicyEvent.PolicyVersionActivated;
import io.assay.contracts.PolicyEvent.PolicyVersionDrafted;
import io.assay.contracts.PolicyVersionId;
import io.assay.contracts.PromotionEvent.ModelVersionPromoted;
import io.assay.contracts.PromotionEvent.Outcome;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionEvent.PromotionExpired;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.contracts.PromotionEvent.PromotionWithdrawn;
import io.assay.contracts.PromotionId;
import io.assay.contracts.Sha256;
import io.assay.contracts.VersionEvent.ArtifactStored;
import io.assay.contracts.VersionEvent.ModelVersionEvaluated;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.eventlog.RecordedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log of one version from its beginning and finds every promotion that should not have
 * been. It knows the rules from their description alone and shares no code with the deciders.
 */
public final class Auditor {

  private static final class Request {
    private final ApprovalRequested opened;
    private final Map<String, Set<String>> yes = new HashMap<>();
    private boolean approved;
    private boolean ended;

    private Request(ApprovalRequested opened) {
      this.opened = opened;
    }
  }

  private final LongFunction<Instant> completedAt;
  private final List<String> findings = new ArrayList<>();
  private final Set<String> contributors = new HashSet<>();
  private final Map<UUID, Sha256> evaluations = new HashMap<>();
  private final Map<PolicyVersionId, String> authors = new HashMap<>();
  private final Map<PromotionId, RecordedEvent> requested = new HashMap<>();
  private final Set<PromotionId> ended = new HashSet<>();
  private final List<PromotionDecided> decisions = new ArrayList<>();
  private final Map<ApprovalRequestId, Request> requests = new HashMap<>();
  private @Nullable ModelVersionRegistered version;
  private @Nullable PolicyVersionActivated inForce;
  private int promotions;

  private Auditor(LongFunction<Instant> completedAt) {
    this.completedAt = completedAt;
  }

  /**
   * What is wrong with the promotions of a log.
   *
   * @param promotions how many there are
   */
  public record Report(int promotions, List<String> findings) {}

  public static Report audit(Committee committee) {
    var auditor = new Auditor(committee::completedAt);
    committee.log().read(0, Integer.MAX_VALUE).forEach(auditor::take);
    return new Report(auditor.promotions, List.copyOf(auditor.findings));
  }

  private void take(RecordedEvent recorded) {
    var actor = recorded.metadata().actor().id();
    switch (recorded.event()) {
      case ModelVersionRegistered e -> {
        version = e;
        contributors.add(actor);
      }
      case ArtifactStored e -> contributors.add(actor);
      case ModelVersionEvaluated e -> evaluations.put(e.evaluation().value(), e.digest());
      case PolicyVersionDrafted e -> authors.put(e.policyVersion(), actor);
      case PolicyVersionActivated e -> inForce = e;
      case PromotionRequested e -> requested.put(e.promotion(), recorded);
      case PromotionWithdrawn e -> ended.add(e.promotion());
      case PromotionExpired e -> ended.add(e.promotion());
      case PromotionDecided e -> decisions.add(e);
      case ApprovalRequested e -> requests.put(e.approvalRequest(), new Request(e));
      case ApprovalGiven e -> request(e.approvalRequest()).yes.put(actor, Set.copyOf(e.roles()));
      case ApprovalRequestApproved e -> request(e.approvalRequest()).approved = true;
      case ApprovalRejected e -> request(e.approvalRequest()).ended = true;
      case ApprovalRequestExpired e -> request(e.approvalRequest()).ended = true;
      case ApprovalRequestStaled e -> request(e.approvalRequest()).ended = true;
      case ModelVersionPromoted e -> judge(e, recorded.position());
      default -> {
        // Nothing that a promotion depends on.
      }
    }
  }

  private void judge(ModelVersionPromoted promoted, long position) {
    promotions++;
    var content =
        new ContentDigest(
                Objects.requireNonNull(version).manifestDigest(), evaluations, Map.of(), Map.of())
            .digest();
    var asked = requested.get(promoted.promotion());
    if (asked == null
        || !((PromotionRequested) asked.event()).contentDigest().equals(content)
        || !promoted.contentDigest().equals(content)) {
      findings.add("Promoted is not what was requested, or not what is there");
      return;
    }
    var policy = Objects.requireNonNull(inForce);
    if (decisions.stream().noneMatch(decision -> permits(decision, promoted, content, policy))) {
      findings.add("No decision permits this content under the policy in force");
    }
    if (!ended.add(promoted.promotion())) {
      findings.add("The promotion had ended");
    }
    var excluded = new HashSet<>(contributors);
    excluded.add(asked.metadata().actor().id());
    excluded.add(String.valueOf(authors.get(policy.policyVersion())));
    var at = completedAt.apply(position);
    if (requests.values().stream()
        .noneMatch(request -> suffices(request, promoted, policy.digest(), excluded, at))) {
      findings.add("Too few approvals by others than " + excluded);
    }
  }

  private static boolean permits(
      PromotionDecided decision,
      ModelVersionPromoted promoted,
      Sha256 content,
      PolicyVersionActivated policy) {
    return decision.decision().equals(promoted.decision())
        && decision.promotion().equals(promoted.promotion())
        && decision.outcome() == Outcome.PERMIT
        && decision.contentDigest().equals(content)
        && policy.digest().equals(decision.policyDigest());
  }

  /** Two yes, one by a risk officer, as every policy of the tests asks. */
  private static boolean suffices(
      Request request,
      ModelVersionPromoted promoted,
      Sha256 policy,
      Set<String> excluded,
      Instant at) {
    var counted =
        request.yes.entrySet().stream().filter(yes -> !excluded.contains(yes.getKey())).toList();
    return request.opened.subjectId().equals(promoted.promotion().value())
        && request.opened.contentDigest().equals(promoted.contentDigest())
        && request.opened.policyDigest().equals(policy)
        && request.approved
        && !request.ended
        && at.isBefore(request.opened.expiresAt())
        && counted.size() >= 2
        && counted.stream().anyMatch(yes -> yes.getValue().contains("risk-officer"));
  }

  private Request request(ApprovalRequestId id) {
    return Objects.requireNonNull(requests.get(id));
  }
}
