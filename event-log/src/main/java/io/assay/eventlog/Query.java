package io.assay.eventlog;

import java.util.List;

/** Events of one workspace that match any of the criteria. No criterion matches nothing. */
public record Query(String workspace, List<Criterion> criteria) {

  public Query {
    criteria = List.copyOf(criteria);
  }

  public static Query of(String workspace, Criterion... criteria) {
    return new Query(workspace, List.of(criteria));
  }
}
