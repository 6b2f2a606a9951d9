package io.assay.registry.requestpromotion;

import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionEvent.PromotionRequested;
import io.assay.contracts.PromotionId;
import io.assay.contracts.VersionEvent.ModelVersionRegistered;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.Query;
import io.assay.platform.identity.Invocation;
import io.assay.platform.messaging.Commands;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.assay.registry.completepromotion.CompletePromotion;
import io.assay.registry.content.VersionContents;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * The way of a promotion from its request to its fate: ask policy, and let a permit take effect.
 *
 * <p>What changes in between makes it ask again, three times.
 */
@Singleton
public class PromotionProtocol {

  /** How often policy is asked when others keep changing what it depends on. */
  private static final int ATTEMPTS = 3;

  /** How a request ended; {@code position} is that of the last event of it. */
  public sealed interface Ending {

    record Permitted(PromotionId promotion, long position) implements Ending {}

    record Pending(PromotionId promotion) implements Ending {}

    record Refused(PromotionDecided decision) implements Ending {}
  }

  private final Commands commands;
  private final Decisions decisions;
  private final VersionContents contents;
  private final EventLog log;

  PromotionProtocol(
      Commands commands, Decisions decisions, VersionContents contents, EventLog log) {
    this.commands = commands;
    this.decisions = decisions;
    this.contents = contents;
    this.log = log;
  }

  /**
   * Requests a promotion and sees it through.
   *
   * @param fresh the id of the promotion, if it is a new one
   * @param authorization the caller's Authorization header, by which policy is asked
   */
  public Ending request(
      PromotionId fresh,
      ModelVersionRegistered version,
      String environment,
      @Nullable String comment,
      Invocation invocation,
      @Nullable String authorization) {
    var promotion = opened(fresh, version, environment, comment, invocation);
    for (int attempt = 1; ; attempt++) {
      try {
        var decision = decide(promotion, invocation, authorization);
        return switch (decision.outcome()) {
          case PERMIT -> complete(decision, invocation);
          case PENDING -> new Ending.Pending(promotion);
          case REFUSE -> new Ending.Refused(decision);
        };
      } catch (ProblemException e) {
        if (attempt == ATTEMPTS || !isLostRace(e)) {
          throw e;
        }
      }
    }
  }

  /** Has a promotion decided for the content that it was requested for. */
  public PromotionDecided decide(
      PromotionId promotion, Invocation invocation, @Nullable String authorization) {
    var query =
        Query.of(invocation.workspace(), Criterion.of(promotion.tag(), "PromotionRequested"));
    var requested =
        log.source(query, 0).events().stream()
            .map(event -> (PromotionRequested) event.event())
            .findFirst()
            .orElseThrow(() -> new ProblemException(Rejection.notFound("such promotion")));
    return decisions.decide(promotion, requested.contentDigest(), invocation, authorization);
  }

  /** Lets a permit take effect; repeating it changes nothing. */
  public Ending.Permitted complete(PromotionDecided decision, Invocation invocation) {
    var content =
        contents
            .of(invocation.workspace(), decision.version())
            .orElseThrow(() -> new ProblemException(Rejection.notFound("such version")));
    var receipt =
        commands.<PromotionId>send(
            new CompletePromotion(invocation.workspace(), decision, content), invocation);
    return new Ending.Permitted(
        decision.promotion(), receipt.position().orElseGet(() -> promoted(decision, invocation)));
  }

  /** Whether asking again may help: what the answer depended on has changed since. */
  public static boolean isLostRace(ProblemException e) {
    return e.rejection().slug().equals("lost-race");
  }

  private PromotionId opened(
      PromotionId fresh,
      ModelVersionRegistered version,
      String environment,
      @Nullable String comment,
      Invocation invocation) {
    for (int attempt = 1; ; attempt++) {
      var content =
          contents
              .of(invocation.workspace(), version.version())
              .orElseThrow(() -> new ProblemException(Rejection.notFound("such version")));
      try {
        return commands
            .<PromotionId>send(
                new RequestPromotion(
                    fresh, version.version(), version.model(), environment, content, comment),
                withoutIdempotency(invocation))
            .answer();
      } catch (ProblemException e) {
        if (attempt == ATTEMPTS || !isLostRace(e)) {
          throw e;
        }
      }
    }
  }

  /**
   * The key of an idempotent request marks the promotion itself, not the request for it: a refused
   * one may be requested again with the same key. One open promotion a version and environment
   * keeps the request from being repeated.
   */
  private static Invocation withoutIdempotency(Invocation invocation) {
    return new Invocation(
        invocation.actor(),
        invocation.onBehalfOf(),
        invocation.roles(),
        invocation.workspace(),
        invocation.now(),
        invocation.correlation(),
        invocation.causation(),
        invocation.traceparent(),
        invocation.client(),
        null);
  }

  private long promoted(PromotionDecided decision, Invocation invocation) {
    var query =
        Query.of(
            invocation.workspace(),
            Criterion.of(decision.promotion().tag(), "ModelVersionPromoted"));
    return log.source(query, 0).events().getLast().position();
  }
}
