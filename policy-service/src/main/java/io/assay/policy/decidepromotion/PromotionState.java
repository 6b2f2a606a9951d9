package io.assay.policy.decidepromotion;

import io.assay.contracts.ApprovalEvent;
import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.PromotionEvent.ModelVersionPromoted;
import io.assay.contracts.PromotionEvent.PromotionExpired;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.contracts.PromotionEvent.PromotionRevoked;
import io.assay.contracts.PromotionEvent.PromotionWithdrawn;
import io.assay.contracts.Sha256;
import io.assay.eventlog.RecordedEvent;
import io.assay.policy.approval.Request;
import io.assay.policy.evidence.EvidenceReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What has become of one promotion, and of the approvals asked for it.
 *
 * @param closed why it is not decided any more; null while it may be
 * @param requests in the order they were opened
 */
record PromotionState(
    @Nullable PromotionRequested requested,
    @Nullable String requester,
    @Nullable String closed,
    List<Request> requests) {

  static final PromotionState UNKNOWN = new PromotionState(null, null, null, List.of());

  /** The types that it is folded from; all bear the tag of the promotion. */
  static final String[] TYPES =
      Stream.concat(
              Stream.of(
                  "PromotionRequested",
                  "ModelVersionPromoted",
                  "PromotionWithdrawn",
                  "PromotionExpired",
                  "PromotionRevoked"),
              Stream.of(Request.TYPES))
          .toArray(String[]::new);

  PromotionState {
    requests = List.copyOf(requests);
  }

  PromotionState evolve(RecordedEvent event) {
    return switch (event.event()) {
      case PromotionRequested e ->
          new PromotionState(e, EvidenceReader.principal(event), closed, requests);
      case ModelVersionPromoted e -> closed("permitted already");
      case PromotionWithdrawn e -> closed("withdrawn");
      case PromotionExpired e -> closed("expired");
      case PromotionRevoked e -> closed("revoked");
      case ApprovalRequested opened -> {
        var more = new ArrayList<>(requests);
        var request = Request.evolve(null, event);
        if (request != null) {
          more.add(request);
        }
        yield new PromotionState(requested, requester, closed, more);
      }
      case ApprovalEvent e ->
          new PromotionState(
              requested,
              requester,
              closed,
              requests.stream()
                  .map(request -> concerns(e, request) ? evolved(request, event) : request)
                  .toList());
      default -> this;
    };
  }

  /** The newest request for exactly this content under exactly this policy. */
  Optional<Request> request(Sha256 contentDigest, Sha256 policyDigest) {
    return requests.stream()
        .filter(request -> request.concerns(contentDigest, policyDigest))
        .reduce((first, second) -> second);
  }

  /** Open requests for anything else. */
  Stream<Request> overtaken(Sha256 contentDigest, @Nullable Sha256 policyDigest) {
    return requests.stream()
        .filter(request -> request.state() == Request.State.OPEN)
        .filter(request -> !request.concerns(contentDigest, policyDigest));
  }

  private PromotionState closed(String why) {
    return new PromotionState(requested, requester, why, requests);
  }

  private static boolean concerns(ApprovalEvent event, Request request) {
    return event.tags().contains(request.opened().approvalRequest().tag());
  }

  private static Request evolved(Request request, RecordedEvent event) {
    var evolved = Request.evolve(request, event);
    return evolved == null ? request : evolved;
  }
}
