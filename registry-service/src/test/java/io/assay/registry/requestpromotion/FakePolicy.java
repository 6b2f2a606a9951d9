package io.assay.registry.requestpromotion;

import io.assay.contracts.ConditionResult;
import io.assay.contracts.DecisionId;
import io.assay.contracts.Event;
import io.assay.contracts.PolicyEvent;
import io.assay.contracts.PromotionEvent;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.contracts.PromotionId;
import io.assay.contracts.Sha256;
import io.assay.eventlog.Actor;
import io.assay.eventlog.Append;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.EventMetadata;
import io.assay.eventlog.NewEvent;
import io.assay.eventlog.Query;
import io.assay.platform.identity.Invocation;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides as it is told, and writes its decisions with policy's own database role. */
@Singleton
@Replaces(PolicyDecisions.class)
@Requires(property = "assay.test.fake-policy")
public final class FakePolicy implements Decisions {

  private volatile @Nullable EventLog log;
  private volatile PromotionEvent.Outcome outcome = PromotionEvent.Outcome.PERMIT;

  private volatile Function<PromotionDecided, List<Event>> meanwhile = decided -> List.of();

  /** What stands in the log right behind each decision, before anybody can make use of it. */
  public void meanwhile(Function<PromotionDecided, List<Event>> happens) {
    meanwhile = happens;
  }

  /** Where it writes. */
  public void writesTo(EventLog policyLog) {
    log = policyLog;
  }

  /** What it says from now on. */
  public void says(PromotionEvent.Outcome said) {
    outcome = said;
  }

  @Override
  public PromotionDecided decide(
      PromotionId promotion,
      Sha256 content,
      Invocation invocation,
      @Nullable String authorization) {
    var policyLog = Objects.requireNonNull(log);
    var sourced =
        policyLog.source(
            Query.of(invocation.workspace(), Criterion.of(promotion.tag(), "PromotionRequested")),
            0);
    var requested = (PromotionRequested) sourced.events().getFirst().event();
    var decided =
        new PromotionDecided(
            new DecisionId(UUID.randomUUID()),
            promotion,
            requested.version(),
            requested.model(),
            requested.environment(),
            content,
            null,
            Sha256.of("policy".getBytes(StandardCharsets.UTF_8)),
            outcome,
            outcome == PromotionEvent.Outcome.PERMIT
                ? List.of()
                : List.of(
                    new ConditionResult(
                        "equalized odds",
                        ConditionResult.Severity.BLOCKING,
                        ConditionResult.Verdict.FAIL,
                        "0.2139",
                        "at most 0.10",
                        "0.1139",
                        List.of(7L),
                        "Mitigate the bias.")),
            List.of(
                new PromotionEvent.Criterion(
                    List.of(PolicyEvent.gate(requested.environment()).toString()),
                    List.of("PolicyVersionActivated"))),
            sourced.marker(),
            invocation.now().plusSeconds(3600));
    var metadata =
        EventMetadata.of(
            invocation.workspace(),
            new Actor("policy", Actor.Kind.SERVICE),
            invocation.correlation());
    var events =
        Stream.concat(Stream.of(decided), meanwhile.apply(decided).stream())
            .map(event -> new NewEvent(UUID.randomUUID(), event, Set.of(), metadata))
            .toList();
    policyLog.append(new Append(events, List.of())).join();
    return decided;
  }
}
