package io.assay.policy.policies;

import io.assay.contracts.PolicyEvent.PolicyRegistered;
import io.assay.contracts.PolicyEvent.PolicyVersionDrafted;
import io.assay.contracts.PolicyId;
import io.assay.contracts.PolicyVersionId;
import io.assay.contracts.Tag;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.http.NameTag;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Finds in the log what a path names, by id, name or number: what is written is found at once, by
 * whichever process wrote it, and whatever the view has seen.
 */
@Singleton
public class PolicyReferences {

  private static final Pattern UUID_SPELLING =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /** A policy, and where its registration stands. */
  public record FoundPolicy(PolicyRegistered registered, long position) {

    public PolicyId id() {
      return registered.policy();
    }
  }

  /** A version of a policy, and where its draft stands. */
  public record FoundVersion(PolicyVersionId id, long position) {}

  private final EventLog log;
  private final NameTag names;

  public PolicyReferences(EventLog log, NameTag names) {
    this.log = log;
    this.names = names;
  }

  /** A policy by id or, whatever it looks like, by name. */
  public Optional<FoundPolicy> policy(String workspace, String idOrName) {
    return uuid(idOrName)
        .flatMap(id -> registered(workspace, new PolicyId(id).tag()))
        .or(() -> registered(workspace, names.of(workspace, "policy", idOrName)));
  }

  /** A version of a policy by id or number: its rank among the drafts. */
  public Optional<FoundVersion> version(String workspace, PolicyId policy, String numberOrId) {
    var drafts = events(workspace, policy.tag(), "PolicyVersionDrafted");
    for (int i = 0; i < drafts.size(); i++) {
      if (drafts.get(i).event() instanceof PolicyVersionDrafted drafted
          && (numberOrId.equals(Integer.toString(i + 1))
              || numberOrId.equals(drafted.policyVersion().value().toString()))) {
        return Optional.of(new FoundVersion(drafted.policyVersion(), drafts.get(i).position()));
      }
    }
    return Optional.empty();
  }

  private Optional<FoundPolicy> registered(String workspace, Tag tag) {
    return events(workspace, tag, "PolicyRegistered").stream()
        .filter(event -> event.event() instanceof PolicyRegistered)
        .findFirst()
        .map(event -> new FoundPolicy((PolicyRegistered) event.event(), event.position()));
  }

  private List<RecordedEvent> events(String workspace, Tag tag, String type) {
    return log.source(Query.of(workspace, Criterion.of(tag, type)), 0).events();
  }

  private static Optional<UUID> uuid(String spelled) {
    return UUID_SPELLING.matcher(spelled).matches()
        ? Optional.of(UUID.fromString(spelled))
        : Optional.empty();
  }
}
