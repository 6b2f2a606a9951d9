package io.assay.registry.biasevaluatemodelversion;

import io.assay.contracts.VersionEvent.GroupCounts;
import io.assay.platform.problem.Rejection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be wrong with confusion counts as a whole. */
final class CountsByGroup {

  private CountsByGroup() {}

  /** Refuses a group named twice, and a reference group that is not among the groups. */
  static Optional<Rejection> fault(List<GroupCounts> groups, @Nullable String reference) {
    var names = new HashSet<String>();
    for (int i = 0; i < groups.size(); i++) {
      if (!names.add(groups.get(i).group())) {
        return Optional.of(
            Rejection.unacceptable("/groups/" + i + "/group", "This group is named twice."));
      }
    }
    if (reference != null && !names.contains(reference)) {
      return Optional.of(
          Rejection.unacceptable("/referenceGroup", "The reference group is none of the groups."));
    }
    return Optional.empty();
  }
}
