package io.assay.registry.requestpromotion;

import io.assay.client.ProblemResponse;
import io.assay.client.policy.DecisionsApi;
import io.assay.client.policy.model.NewDecision;
import io.assay.contracts.DecisionId;
import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionId;
import io.assay.contracts.Sha256;
import io.assay.eventlog.Criterion;
import io.assay.eventlog.EventLog;
import io.assay.eventlog.Query;
import io.assay.platform.identity.Invocation;
import io.assay.platform.identity.ServiceTokens;
import io.assay.platform.problem.ProblemException;
import io.assay.platform.problem.Rejection;
import io.micronaut.core.propagation.PropagatedContext;
import io.micronaut.http.client.exceptions.HttpClientException;
import io.micronaut.http.codec.CodecException;
import jakarta.inject.Singleton;
import java.net.ConnectException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks the policy service over HTTP. */
@Singleton
final class PolicyDecisions implements Decisions {

  /** Instances take turns: so many of them may be gone at once. */
  private static final int ATTEMPTS = 3;

  private final DecisionsApi policy;
  private final Optional<ServiceTokens> tokens;
  private final EventLog log;

  PolicyDecisions(DecisionsApi policy, Optional<ServiceTokens> tokens, EventLog log) {
    this.policy = policy;
    this.tokens = tokens;
    this.log = log;
  }

  @Override
  public PromotionDecided decide(
      PromotionId promotion,
      Sha256 content,
      Invocation invocation,
      @Nullable String authorization) {
    var asked =
        new AskingPolicy(
            authorization == null ? ownToken() : authorization,
            invocation.workspace(),
            invocation.correlation(),
            invocation.traceparent());
    try (var scope = PropagatedContext.getOrEmpty().plus(asked).propagate()) {
      return recorded(ask(promotion, content), invocation.workspace());
    } catch (CodecException e) {
      throw new ProblemException(unreadable());
    } catch (ProblemResponse e) {
      throw new ProblemException(rejection(e));
    } catch (HttpClientException e) {
      throw new ProblemException(
          Rejection.unavailable("Policy does not answer. Repeat the request in a moment.")
              .retryAfter(2));
    }
  }

  /** Another instance is asked where one cannot be connected to, and so has not been asked. */
  private DecisionId ask(PromotionId promotion, Sha256 content) {
    for (int attempt = 1; ; attempt++) {
      try {
        var answer =
            policy.decidePromotion(promotion.value(), new NewDecision(content.hex()), null).body();
        if (answer == null) {
          throw new ProblemException(unreadable());
        }
        return new DecisionId(answer.getId());
      } catch (HttpClientException e) {
        if (attempt == ATTEMPTS || !(e.getCause() instanceof ConnectException)) {
          throw e;
        }
      }
    }
  }

  private static Rejection unreadable() {
    return Rejection.unavailable("Policy's answer cannot be read. Repeat the request in a moment.")
        .retryAfter(2);
  }

  private String ownToken() {
    return "Bearer "
        + tokens
            .orElseThrow(
                () ->
                    new ProblemException(
                        Rejection.unavailable("This service has no token of its own.")))
            .token();
  }

  /** Only policy's database role can have written it. */
  private PromotionDecided recorded(DecisionId decision, String workspace) {
    var query = Query.of(workspace, Criterion.of(decision.tag(), "PromotionDecided"));
    return log.source(query, 0).events().stream()
        .map(event -> (PromotionDecided) event.event())
        .findFirst()
        .orElseThrow(
            () ->
                new ProblemException(
                    Rejection.unavailable("The decision is not in the log. Repeat the request.")));
  }

  private static Rejection rejection(ProblemResponse e) {
    var problem = e.problem();
    if (e.status() >= 500 || e.status() == 401 || e.status() == 404) {
      return Rejection.unavailable("Policy does not decide now: " + e.getMessage()).retryAfter(2);
    }
    var slug = problem.getType().substring(problem.getType().lastIndexOf('/') + 1);
    return Rejection.of(slug, e.status(), problem.getTitle(), String.valueOf(problem.getDetail()));
  }
}
