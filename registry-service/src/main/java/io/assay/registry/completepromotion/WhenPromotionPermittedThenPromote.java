package io.assay.registry.completepromotion;

import io.assay.contracts.PromotionEvent;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.Query;
import io.assay.eventlog.RecordedEvent;
import io.assay.platform.identity.Invocation;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.view.View;
import io.assay.registry.requestpromotion.PromotionProtocol;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When policy permits a promotion, it is completed, whoever waits for it or not: after the last
 * approval nobody does. Repeating it changes nothing.
 *
 * <p>Where something changed in between, policy is asked again, and its new decision comes here.
 */
@Singleton
final class WhenPromotionPermittedThenPromote implements View {

  private static final Logger LOG =
      LoggerFactory.getLogger(WhenPromotionPermittedThenPromote.class);

  /** So often one promotion may be permitted in vain before it is left to people. */
  private static final int MOST_PERMITS = 5;

  private final PromotionProtocol protocol;
  private final EventLog log;
  private final Clock clock;

  WhenPromotionPermittedThenPromote(PromotionProtocol protocol, EventLog log, Clock clock) {
    this.protocol = protocol;
    this.log = log;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "promote-when-permitted";
  }

  @Override
  public Set<String> types() {
    return Set.of("PromotionDecided");
  }

  @Override
  public String sequence(RecordedEvent event) {
    return ((PromotionDecided) event.event()).promotion().tag().toString();
  }

  @Override
  public void on(RecordedEvent event) {
    var decision = (PromotionDecided) event.event();
    if (decision.outcome() != PromotionEvent.Outcome.PERMIT) {
      return;
    }
    var invocation = onBehalfOfTheRequester(decision, event);
    try {
      protocol.complete(decision, invocation);
    } catch (ProblemException e) {
      if (!PromotionProtocol.isLostRace(e)) {
        LOG.info("{} is not completed: {}", decision.promotion().tag(), e.getMessage());
      } else if (permits(decision, invocation) < MOST_PERMITS) {
        askAgain(decision, invocation);
      } else {
        LOG.warn("{} was permitted in vain too often", decision.promotion().tag());
      }
    }
  }

  @Override
  public void reset() {
    throw new UnsupportedOperationException("A reaction has nothing to empty");
  }

  @Override
  public boolean rebuildable() {
    return false;
  }

  private void askAgain(PromotionDecided decision, Invocation invocation) {
    try {
      protocol.decide(decision.promotion(), invocation, null);
    } catch (ProblemException e) {
      LOG.warn("{} is not decided again: {}", decision.promotion().tag(), e.getMessage());
    }
  }

  private long permits(PromotionDecided decision, Invocation invocation) {
    return history(decision, invocation.workspace(), "PromotionDecided").stream()
        .map(event -> (PromotionDecided) event.event())
        .filter(decided -> decided.outcome() == PromotionEvent.Outcome.PERMIT)
        .count();
  }

  private Invocation onBehalfOfTheRequester(PromotionDecided decision, RecordedEvent event) {
    var reaction = Invocation.reaction("registry", event, clock.instant());
    var requester =
        history(decision, event.metadata().workspace(), "PromotionRequested")
            .getFirst()
            .metadata()
            .actor()
            .id();
    return new Invocation(
        reaction.actor(),
        requester,
        reaction.roles(),
        reaction.workspace(),
        reaction.now(),
        reaction.correlation(),
        reaction.causation(),
        reaction.traceparent(),
        reaction.client(),
        null);
  }

  private List<RecordedEvent> history(PromotionDecided decision, String workspace, String type) {
    return log.source(Query.of(workspace, Criterion.of(decision.promotion().tag(), type)), 0)
        .events();
  }
}
