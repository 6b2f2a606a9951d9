package io.assay.policy.evidence;

import io.assay.contracts.ModelId;
import io.assay.contracts.Sha256;
import io.assay.contracts.VersionId;
import io.assay.eventlog.Criterion;
import io.assay.policy.conditions.Evidence;
import java.util.List;
import java.util.Set;

/**
 * A model version and everything known about it.
 *
 * @param contentDigest of the manifest and the evidence as they are
 * @param contributors who trained, registered or edited it; whoever only measured it is none
 * @param criteria what would change it
 * @param marker that it is true at
 */
public record VersionDossier(
    VersionId version,
    ModelId model,
    Evidence evidence,
    Sha256 contentDigest,
    Set<String> contributors,
    List<Criterion> criteria,
    long marker) {

  public VersionDossier {
    contributors = Set.copyOf(contributors);
    criteria = List.copyOf(criteria);
  }
}
