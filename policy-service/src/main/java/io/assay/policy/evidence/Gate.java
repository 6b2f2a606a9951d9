package io.assay.policy.evidence;

import io.assay.contracts.PolicyEvent;
import io.assay.contracts.PolicyId;
import io.assay.contracts.PolicyVersionId;
import io.assay.contracts.Sha256;
import io.assay.eventlog.Criterion;
import io.assay.policy.conditions.Policy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What guards an environment.
 *
 * @param inForce the policy version activated last; null where there never was one
 * @param marker that it is true at
 */
public record Gate(String environment, @Nullable InForce inForce, long marker) {

  /**
   * A policy version in force.
   *
   * @param author who drafted it
   * @param position of its activation
   */
  public record InForce(
      PolicyVersionId policyVersion,
      PolicyId policy,
      String author,
      Policy conditions,
      long position) {

    public Sha256 digest() {
      return conditions.digest();
    }
  }

  /** What would change it. */
  public Criterion criterion() {
    return Criterion.of(PolicyEvent.gate(environment), "PolicyVersionActivated");
  }

  public List<Criterion> criteria() {
    return List.of(criterion());
  }

  public @Nullable Sha256 digest() {
    return inForce == null ? null : inForce.digest();
  }
}
