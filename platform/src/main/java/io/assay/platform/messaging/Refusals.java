package io.assay.platform.messaging;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.assay.contracts.GovernanceEvent.AccessRefused;
import io.assay.contracts.Sha256;
import io.assay.contracts.Tag;
import io.assay.eventlog.Append;
import io.assay.eventlog.AppendConflictException;
import io.assay.eventlog.Appended;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.Guard;
import io.assay.eventlog.NewEvent;
import io.assay.eventlog.Query;
import io.assay.platform.identity.Invocation;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Appends refusals. Those of one actor by one rule, on one route and subject, coalesce per minute
 * of our clock: only the first is appended, whichever process meets it, because each bears a tag
 * that no other event may bear.
 *
 * <p>Another rule, route or subject is another refusal: none of them hides behind the first.
 */
@Singleton
@Requires(beans = EventLog.class)
final class Refusals {

  /** Recorded lately: spares the log what it would refuse. */
  private static final int REMEMBERED = 10_000;

  private final EventLog log;
  private final Cache<Tag, CompletableFuture<OptionalLong>> recent =
      Caffeine.newBuilder().maximumSize(REMEMBERED).build();

  Refusals(EventLog log) {
    this.log = log;
  }

  /**
   * Appends the refusal unless its like is there.
   *
   * @return its position; empty where it coalesced with an earlier one
   */
  CompletableFuture<OptionalLong> record(AccessRefused refused, Invocation invocation) {
    var once = once(refused, invocation);
    var earlier = recent.getIfPresent(once);
    if (earlier != null && !earlier.isCompletedExceptionally()) {
      return earlier.thenApply(position -> OptionalLong.empty());
    }
    var recorded = append(refused, invocation, once);
    recent.put(once, recorded);
    return recorded;
  }

  private CompletableFuture<OptionalLong> append(
      AccessRefused refused, Invocation invocation, Tag once) {
    var metadata =
        new EventMetadata(
            invocation.workspace(),
            invocation.actor(),
            invocation.onBehalfOf(),
            invocation.client(),
            null,
            invocation.correlation(),
            invocation.causation(),
            null,
            null);
    var event = new NewEvent(Ids.next(), refused, Set.of(once), metadata);
    var first =
        new Guard(
            new Query(invocation.workspace(), List.of(new Criterion(Set.of(once), Set.of()))), 0);
    return log.append(new Append(List.of(event), List.of(first)))
        .handle(Refusals::positionUnlessThere);
  }

  private static OptionalLong positionUnlessThere(
      @Nullable Appended appended, @Nullable Throwable failure) {
    if (appended != null) {
      return OptionalLong.of(appended.lastPosition());
    }
    var cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof AppendConflictException) {
      return OptionalLong.empty();
    }
    throw new CompletionException(cause);
  }

  /** What no two refusals have in common; a digest, since rules and routes are longer than tags. */
  private static Tag once(AccessRefused refused, Invocation invocation) {
    var minute = invocation.now().truncatedTo(ChronoUnit.MINUTES);
    var key =
        String.join(
            "\n",
            invocation.workspace(),
            refused.actor(),
            refused.rule(),
            refused.route(),
            String.valueOf(refused.subject()),
            minute.toString());
    return new Tag("refusal", Sha256.of(key.getBytes(StandardCharsets.UTF_8)).hex());
  }
}
