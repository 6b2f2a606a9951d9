package io.assay.policy.approval;

import io.assay.contracts.ApprovalEvent.ApprovalGiven;
import io.assay.contracts.ApprovalEvent.ApprovalRejected;
import io.assay.contracts.ApprovalEvent.ApprovalRequestApproved;
import io.assay.contracts.ApprovalEvent.ApprovalRequestExpired;
import io.assay.contracts.ApprovalEvent.ApprovalRequestStaled;
import io.assay.contracts.ApprovalEvent.ApprovalRequested;
import io.assay.contracts.Sha256;
import io.assay.eventlog.RecordedEvent;
import io.assay.policy.evidence.EvidenceReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One approval request, folded from the log.
 *
 * @param opened what was asked for
 * @param requester who asked for it, for a promotion the one who asked for that
 */
public record Request(
    ApprovalRequested opened,
    String requester,
    State state,
    List<Yes> approvals,
    @Nullable Long rejection) {

  /** Where it stands. */
  public enum State {
    OPEN,
    APPROVED,
    REJECTED,
    EXPIRED,
    STALE
  }

  /** One person's yes, and the position of its event. */
  public record Yes(String person, Set<String> roles, long position) {}

  /** The types that it is folded from. */
  public static final String[] TYPES = {
    "ApprovalRequested",
    "ApprovalGiven",
    "ApprovalRejected",
    "ApprovalRequestApproved",
    "ApprovalRequestExpired",
    "ApprovalRequestStaled"
  };

  public Request {
    approvals = List.copyOf(approvals);
  }

  /** The request after one more of its events; null before it was opened. */
  public static @Nullable Request evolve(@Nullable Request request, RecordedEvent event) {
    if (request == null) {
      return event.event() instanceof ApprovalRequested opened
          ? new Request(opened, EvidenceReader.principal(event), State.OPEN, List.of(), null)
          : null;
    }
    return switch (event.event()) {
      case ApprovalGiven given -> request.with(given, event);
      case ApprovalRequestApproved approved -> request.in(State.APPROVED);
      case ApprovalRejected rejected ->
          new Request(
              request.opened,
              request.requester,
              State.REJECTED,
              request.approvals,
              event.position());
      case ApprovalRequestExpired expired -> request.in(State.EXPIRED);
      case ApprovalRequestStaled staled -> request.in(State.STALE);
      default -> request;
    };
  }

  /** Whether it asks for a yes to exactly this content under exactly this policy. */
  public boolean concerns(Sha256 contentDigest, @Nullable Sha256 policyDigest) {
    return opened.contentDigest().equals(contentDigest)
        && opened.policyDigest().equals(policyDigest);
  }

  public boolean approvedBy(String person) {
    return approvals.stream().anyMatch(yes -> yes.person().equals(person));
  }

  /** Whether one more yes, by somebody with these roles, is the last one needed. */
  public boolean completedBy(String person, Set<String> roles) {
    var all = new ArrayList<>(approvals);
    all.add(new Yes(person, roles, Long.MAX_VALUE));
    return enough(all, opened.total(), opened.byRole());
  }

  /** Whether so many different persons said yes, and of whom so many hold each role. */
  public static boolean enough(List<Yes> approvals, int total, Map<String, Integer> byRole) {
    return approvals.stream().map(Yes::person).distinct().count() >= total
        && byRole.entrySet().stream()
            .allMatch(needed -> holding(approvals, needed.getKey()) >= needed.getValue());
  }

  private static long holding(List<Yes> approvals, String role) {
    return approvals.stream()
        .filter(yes -> yes.roles().contains(role))
        .map(Yes::person)
        .distinct()
        .count();
  }

  private Request with(ApprovalGiven given, RecordedEvent event) {
    var more = new ArrayList<>(approvals);
    more.add(new Yes(EvidenceReader.principal(event), Set.copyOf(given.roles()), event.position()));
    return new Request(opened, requester, state, more, rejection);
  }

  private Request in(State next) {
    return new Request(opened, requester, next, approvals, rejection);
  }
}
