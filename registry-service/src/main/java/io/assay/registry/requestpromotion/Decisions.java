package io.assay.registry.requestpromotion;

import io.assay.contracts.PromotionEvent.PromotionDecided;
import io.assay.contracts.PromotionId;
import io.assay.contracts.Sha256;
import io.assay.platform.identity.Invocation;
import io.assay.platform.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** Asks policy to decide a promotion. The answer that counts is the one in the log. */
public interface Decisions {

  /**
   * Has the promotion decided for exactly this content, and answers the decision as the log has it.
   *
   * @param authorization the caller's Authorization header; null for this service's own token
   * @throws ProblemException 503 if policy does not answer, or what it answers
   */
  PromotionDecided decide(
      PromotionId promotion, Sha256 content, Invocation invocation, @Nullable String authorization);
}
